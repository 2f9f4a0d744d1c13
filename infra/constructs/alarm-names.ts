import { MetricName } from "../../shared/contract.ts";

/** Each is a heading in docs/operations.md. */
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

/** Time enough to make a JWT and store it. */
export const minCredentialDays = 14;

interface EventAlarm {
  readonly name: AlarmName;
  readonly metric: MetricName;
  readonly meaning: string;
}

/** What can happen to an archive and cannot be undone. */
export const archiveEvents: readonly EventAlarm[] = [
  {
    name: "recordings-lost",
    metric: MetricName.recordingsLost,
    meaning: "RingCentral has deleted recordings that were seen in time and never fetched.",
  },
  {
    name: "day-unstable",
    metric: MetricName.daysUnstable,
    meaning: "A day was closed although no two of its listings agreed.",
  },
];

interface StateAlarm extends EventAlarm {
  /** The smallest value that is not right. */
  readonly min: number;
}

/** How an archive can stand. */
export const archiveStates: readonly StateAlarm[] = [
  {
    name: "listing-shrank",
    metric: MetricName.listingsShrunk,
    min: 1,
    meaning: "A day's call log lacks so much that was there before that it is not believed.",
  },
  {
    // Listings that keep differing settle as unstable after five nights or six.
    name: "days-open",
    metric: MetricName.oldestOpenNights,
    min: 7,
    meaning: "A day's call log could not be listed, or did not settle, for seven nights.",
  },
  {
    // What RingCentral does not have is given up after 15 nights: attempts follow after 1, 2, 4 and 8.
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
    meaning: "RingCentral deletes pending recordings within a week.",
  },
  {
    name: "backlog-too-long",
    metric: MetricName.backlogBeyondHorizon,
    min: 1,
    meaning: "More recordings are pending than the rate limit allows before RingCentral deletes them.",
  },
  {
    name: "nothing-archived",
    metric: MetricName.quietDays,
    min: 2,
    meaning: "Two business days in a row have no calls, or no recordings.",
  },
];
