import * as z from "zod/mini";
import { dayManifestFields } from "../day-manifest.ts";
import { Count, Failure, Instant } from "../fields.ts";
import { ObjectRef } from "../object-ref.ts";

/**
 * The latest fetch of a recording in one run that stored nothing; `code` is RingCentral's error code, if it sent one.
 */
const FetchAttempt = z.object({
  run: z.string(),
  at: Instant,
  result: z.enum(["not-found", "refused", "empty", "unavailable", "not-audio", "disk-full", "unexpected"]),
  code: z.optional(z.string()),
  /**
   * True if the attempt counts towards giving the recording up: the same run stored other recordings, and few failed
   * with the same result. Runs add it after their last attempt.
   */
  othersSucceeded: z.optional(z.boolean()),
});

const RecordingStates = ["stored", "pending", "not-found", "refused", "already-deleted", "lost"] as const;

/** One recording; its state follows from the other fields. */
const RecordingEntry = z.object({
  id: z.string(),
  state: z.enum(RecordingStates),
  /** When a listing first referenced it. */
  firstSeenAt: Instant,
  /** Id of the call record that first referenced it. */
  callId: z.string(),
  /** True if RingCentral started the recording automatically; its cap counts only these. */
  automatic: z.optional(z.boolean()),
  /**
   * RingCentral's `contentUri`, or the path on the media host if it gave none; dropped once the recording is stored.
   */
  contentUri: z.optional(z.string()),
  object: z.optional(z.extend(ObjectRef, { contentType: z.string() })),
  attempts: z.optional(z.array(FetchAttempt)),
});

/** One complete walk of the day's call log. */
const Listing = z.object({
  run: z.string(),
  at: Instant,
  records: Count,
  recordings: Count,
  /** Answered calls of at least 30 seconds that reference no recording. */
  callsWithoutRecording: z.optional(Count),
  /** SHA-256 over the ids of records and recordings; equal listings have equal fingerprints. */
  fingerprint: z.string(),
  /** Records in the archive after this listing. */
  archived: Count,
  /** Archived records that this listing misses. */
  missing: Count,
  /** Ids of the missing records; left out if there are too many to believe. */
  missingIds: z.optional(z.array(z.string())),
  /**
   * True if the missing records are accepted: by an operator, or because of earlier listings that are no longer kept.
   */
  accepted: z.optional(z.boolean()),
});

/** A day's calls and recordings; published as `docs/schemas/calls-manifest.schema.json`. */
export const CallManifest = z.object({
  schema: z.literal("nightshift/calls-manifest/1"),
  ...dayManifestFields,
  /** Why the day is open; empty when it is closed. */
  openReasons: z.array(z.enum(["listing-not-settled", "listing-shrank", "listing-failed", "recordings-pending"])),
  /** How the day settled: two listings agreed, or five differed. */
  settled: z.optional(z.enum(["agreed", "unstable"])),
  listings: z.array(Listing),
  /** The last failed listing, if no listing succeeded since. */
  failure: z.optional(Failure),
  /** Ids of records that the last two believed listings miss; the archive keeps these records. */
  vanished: z.array(z.string()),
  /** When RingCentral's horizon passed this day by age: its recordings are deleted there. */
  horizonPassedAt: z.optional(Instant),
  /** When the cap evicted this day's automatic recordings. */
  capPassedAt: z.optional(Instant),
  calls: z.optional(ObjectRef),
  csv: z.optional(ObjectRef),
  totals: z.object({
    records: Count,
    deleted: Count,
    tooShort: Count,
    vanished: Count,
    /** Recordings that RingCentral started automatically; its cap counts only these. */
    automatic: Count,
    recordings: Count,
    stored: Count,
    pending: Count,
    notFound: Count,
    refused: Count,
    alreadyDeleted: Count,
    lost: Count,
    /**
     * Answered calls of at least 30 seconds without a recording, if the day was first listed after the horizon passed
     * it. RingCentral drops references to deleted recordings, so these calls may have had one.
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

/** What happened to a day. A manifest is what its events add up to. */
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
