import { MetricName } from "../../shared/contract.ts";

/** Each alarm has a section of the same name in docs/operations.md. */
export type AlarmName =
  | "run-failed"
  | "did-not-run"
  | "start-failed"
  | "recordings-lost"
  | "day-unstable"
  | "listing-shrank"
  | "days-open"
  | "recordings-waiting"
  | "failed-in-bulk"
  | "deletion-near"
  | "backlog-too-long"
  | "nothing-archived"
  | "credential-expiring";

/** Days in which an operator can create and store a new JWT. */
export const minCredentialDays = 14;

interface IncidentAlarm {
  readonly name: AlarmName;
  readonly metric: MetricName;
  readonly meaning: string;
}

/** Incidents that cannot be undone. */
export const archiveIncidents: readonly IncidentAlarm[] = [
  {
    name: "recordings-lost",
    metric: MetricName.recordingsLost,
    meaning: "RingCentral deleted recordings that Nightshift had seen in time but not fetched.",
  },
  {
    name: "day-unstable",
    metric: MetricName.daysUnstable,
    meaning: "A day was closed although no two of its listings agreed.",
  },
];

interface StateAlarm extends IncidentAlarm {
  /** The smallest value that raises the alarm. */
  readonly min: number;
}

/** Conditions of the archive that can end again. */
export const archiveStates: readonly StateAlarm[] = [
  {
    name: "listing-shrank",
    metric: MetricName.listingsShrunk,
    min: 1,
    meaning: "A day's new listing lacks too many known calls and is not believed.",
  },
  {
    // Listings that always differ settle as unstable after five or six nights.
    name: "days-open",
    metric: MetricName.oldestOpenNights,
    min: 7,
    meaning: "A day's call log could not be listed, or did not settle, for seven nights.",
  },
  {
    // A recording that RingCentral does not have is given up after 15 nights: attempts follow after 1, 2, 4 and 8 nights.
    name: "recordings-waiting",
    metric: MetricName.oldestPendingDays,
    min: 17,
    meaning: "A recording has been pending for 17 days.",
  },
  {
    name: "failed-in-bulk",
    metric: MetricName.failedInBulk,
    min: 1,
    meaning: "Many recordings could not be fetched, all for the same reason.",
  },
  {
    name: "deletion-near",
    metric: MetricName.pendingNearDeletion,
    min: 1,
    meaning: "RingCentral will delete pending recordings within a week.",
  },
  {
    name: "backlog-too-long",
    metric: MetricName.backlogBeyondHorizon,
    min: 1,
    meaning: "More recordings are pending than can be fetched at the rate limit before RingCentral deletes them.",
  },
  {
    name: "nothing-archived",
    metric: MetricName.quietDays,
    min: 2,
    meaning: "Two business days in a row have no calls, or no recordings.",
  },
];
