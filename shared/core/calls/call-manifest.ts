import * as z from "zod/mini";
import { dayManifestFields } from "../day-manifest.ts";
import { ObjectRef } from "../object-ref.ts";

const Instant = z.string();
const Count = z.number().check(z.int(), z.nonnegative());

/** What a run's tries at a recording that did not bring it came to, the latest of them; `code` is RingCentral's, where it gave one. */
const FetchAttempt = z.object({
  run: z.string(),
  at: Instant,
  result: z.enum(["not-found", "refused", "empty", "unavailable", "not-audio", "disk-full", "unexpected"]),
  code: z.optional(z.string()),
  /** True when the same run brought other recordings: then the fault lies with this one. */
  othersSucceeded: z.optional(z.boolean()),
});

const RecordingStates = ["stored", "pending", "not-found", "refused", "already-deleted", "lost"] as const;

/** What is known of one recording; its state follows from the facts. */
const RecordingEntry = z.object({
  id: z.string(),
  state: z.enum(RecordingStates),
  /** When a listing first named it, and the id of the call record that did. */
  firstSeenAt: Instant,
  callId: z.string(),
  /** True for one that RingCentral made by itself: those that its cap counts. */
  automatic: z.optional(z.boolean()),
  /** Where RingCentral offers it, or its path on the media host if RingCentral does not say; dropped once it is stored. */
  contentUri: z.optional(z.string()),
  object: z.optional(z.extend(ObjectRef, { contentType: z.string() })),
  attempts: z.optional(z.array(FetchAttempt)),
});

/** One complete walk of the day's call log. */
const Listing = z.object({
  /** The run that made it. */
  run: z.string(),
  at: Instant,
  records: Count,
  recordings: Count,
  /** Answered calls of at least 30 seconds that name no recording. */
  callsWithoutRecording: z.optional(Count),
  /** SHA-256 over the ids of records and recordings: equal listings have equal fingerprints. */
  fingerprint: z.string(),
  /** Records that the archive had after it; `missing` of them it did not show. */
  archived: Count,
  missing: Count,
  /** Their ids; left out where there are too many to be believed. */
  missingIds: z.optional(z.array(z.string())),
  /** True where what is missing may be missing: a person has said so, or earlier listings did that are kept no longer. */
  accepted: z.optional(z.boolean()),
});

/** A try at listing the day that came to nothing, by a fault of this day's alone. */
const Failure = z.object({
  run: z.string(),
  at: Instant,
  code: z.string(),
  /** True when the same run had succeeded with others: then the fault lies with this one. */
  othersSucceeded: z.optional(z.boolean()),
});

/** What a day holds and lacks; published as `docs/schemas/calls-manifest.schema.json`. */
export const CallManifest = z.object({
  schema: z.literal("nightshift/calls-manifest/1"),
  ...dayManifestFields,
  /** Why the day is open; empty when it is closed. */
  openReasons: z.array(z.enum(["listing-not-settled", "listing-shrank", "listing-failed", "recordings-pending"])),
  /** How the listing settled: two agreed, or too many differed to wait for more. */
  settled: z.optional(z.enum(["agreed", "unstable"])),
  listings: z.array(Listing),
  failure: z.optional(Failure),
  /** Ids of records that RingCentral listed once and then, twice in a row, no more; they are kept. */
  vanished: z.array(z.string()),
  /** When RingCentral's horizon passed this day, as far as it has: what it recorded is deleted there. */
  horizonPassedAt: z.optional(Instant),
  /** The same by the cap on the number of automatic recordings. */
  capPassedAt: z.optional(Instant),
  calls: z.optional(ObjectRef),
  csv: z.optional(ObjectRef),
  totals: z.object({
    records: Count,
    deleted: Count,
    tooShort: Count,
    vanished: Count,
    /** Recordings that RingCentral made by itself: those that its cap counts. */
    automatic: Count,
    recordings: Count,
    stored: Count,
    pending: Count,
    notFound: Count,
    refused: Count,
    alreadyDeleted: Count,
    lost: Count,
    /**
     * Only of a day that was first listed after RingCentral's horizon had passed it: answered calls of at least 30 seconds
     * without a recording. RingCentral no longer names the recordings that it has deleted, so they may have had one.
     */
    callsWithoutRecording: z.optional(Count),
    bytes: Count,
  }),
  recordings: z.array(RecordingEntry),
});
export type CallManifest = z.infer<typeof CallManifest>;
export type RecordingEntry = z.infer<typeof RecordingEntry>;
export type RecordingState = RecordingEntry["state"];
export type Listing = z.infer<typeof Listing>;
export type FetchAttempt = z.infer<typeof FetchAttempt>;

/** What happened to a day, as the steps of a run write it down; a manifest is what they add up to. */
export const CallDayEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("listed"),
    listing: Listing,
    calls: z.optional(ObjectRef),
    counts: z.object({ records: Count, deleted: Count, tooShort: Count, automatic: Count }),
    recordings: z.array(
      z.object({
        id: z.string(),
        contentUri: z.optional(z.string()),
        callId: z.string(),
        automatic: z.optional(z.boolean()),
      }),
    ),
  }),
  z.object({ type: z.literal("listing-failed"), failure: Failure }),
  z.object({ type: z.literal("horizon-passed"), cause: z.enum(["age", "cap"]), passedAt: Instant }),
  z.object({ type: z.literal("stored"), id: z.string(), object: z.extend(ObjectRef, { contentType: z.string() }) }),
  z.object({ type: z.literal("attempt-failed"), id: z.string(), attempt: FetchAttempt }),
]);
export type CallDayEvent = z.infer<typeof CallDayEvent>;
