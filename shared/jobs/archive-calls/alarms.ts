import type { JobAlarm } from "../../job-deployment.ts";
import { ArchiveMetric } from "./metrics.ts";

/** Incidents, which cannot be undone, and conditions, which can end again. */
export const archiveAlarms: readonly JobAlarm[] = [
  {
    name: "recordings-lost",
    urgency: "actNow",
    metric: ArchiveMetric.recordingsLost,
    meaning: "RingCentral deleted recordings that Nightshift had seen in time but not fetched.",
    lines: '{ $.message = "recordings lost" }',
    first: "check whether runs failed or were paused in the weeks before. RingCentral cannot restore these recordings.",
  },
  {
    name: "day-unstable",
    urgency: "thisWeek",
    metric: ArchiveMetric.daysUnstable,
    meaning: "A day was closed although no two of its listings agreed.",
    lines: '{ ($.message = "day status") && ($.facts.settled = "unstable") }',
    first: "list the days of the lines again when their calls no longer change.",
  },
  {
    name: "listing-shrank",
    urgency: "thisWeek",
    metric: ArchiveMetric.listingsShrunk,
    min: 1,
    meaning: "A day's new listing lacks too many known calls and is not believed.",
    // The day's listings may differ, too: that is then the first reason.
    lines: '{ ($.facts.openReasons[0] = "listing-shrank") || ($.facts.openReasons[1] = "listing-shrank") }',
    first: "check that the service user's role still has Company Call Log for the whole company.",
  },
  {
    // Listings that always differ settle as unstable after five or six nights.
    name: "days-open",
    urgency: "thisWeek",
    metric: ArchiveMetric.oldestOpenNights,
    min: 7,
    meaning: "A day's call log could not be listed, or did not settle, for seven nights.",
    lines: '{ ($.message = "day listing failed") || ($.message = "day not closed") || ($.facts.openNights >= 7) }',
    first:
      "follow `facts.hint` of the newest line with the highest `facts.openNights`, and of the lines that say `day not closed`.",
  },
  {
    // A recording that RingCentral does not have is given up after 15 nights: attempts follow after 1, 2, 4 and 8 nights.
    name: "recordings-waiting",
    urgency: "thisWeek",
    metric: ArchiveMetric.oldestPendingDays,
    min: 17,
    meaning: "A recording has been pending for 17 days.",
    lines: '{ $.message = "recording not fetched" }',
    first: "follow `facts.hint` of the line with the oldest `facts.day`, then start a run for that day.",
  },
  {
    name: "failed-in-bulk",
    urgency: "thisWeek",
    metric: ArchiveMetric.failedInBulk,
    min: 1,
    meaning: "Many recordings could not be fetched, all for the same reason.",
    lines: '{ ($.message = "recordings failed in bulk") || ($.message = "recording not fetched") }',
    first:
      "follow `facts.hint` of the lines that say `recording not fetched`. If the code is `API_REFUSED`, check the role's permission Access Recordings.",
  },
  {
    name: "deletion-near",
    urgency: "actNow",
    metric: ArchiveMetric.pendingNearDeletion,
    min: 1,
    meaning: "RingCentral will delete pending recordings within a week.",
    lines: '{ $.message = "recording not fetched" }',
    first: "download the recordings of the oldest days manually from RingCentral's portal while they still exist.",
  },
  {
    name: "backlog-too-long",
    urgency: "actNow",
    metric: ArchiveMetric.backlogBeyondHorizon,
    min: 1,
    meaning: "More recordings are pending than can be fetched at the rate limit before RingCentral deletes them.",
    lines: "{ $.facts.backlogBeyondHorizon > 0 }",
    first: "ask RingCentral's developer support for a higher rate limit of the Heavy group.",
  },
  {
    name: "nothing-archived",
    urgency: "actNow",
    metric: ArchiveMetric.quietDays,
    min: 2,
    meaning: "Two business days in a row have no calls, or no recordings.",
    lines: '{ ($.message = "day listed") && ($.facts.recordings = 0) }',
    first:
      "unless these days were holidays, check automatic call recording and the service user's permission Company Call Log.",
  },
];
