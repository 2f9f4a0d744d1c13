import * as z from "zod/mini";

const Instant = z.string();
const Count = z.number().check(z.int(), z.nonnegative());
/** An object of the archive: where it lies, how long it is, SHA-256 of its bytes (base64, as S3 keeps it). */
const ObjectRef = z.object({ key: z.string(), bytes: Count, sha256: z.string() });

/** A try at a recording that did not bring it; `code` is RingCentral's, where it gave one. */
const Try = z.object({
  at: Instant,
  why: z.enum(["not-found", "refused", "fault", "not-audio", "unexpected"]),
  code: z.optional(z.string()),
});

const RecordingStates = ["stored", "pending", "absent", "refused"] as const;

/** What is known of one recording; its state follows from the facts. */
const RecordingEntry = z.object({
  id: z.string(),
  state: z.enum(RecordingStates),
  /** Id of the call record that named it first. */
  record: z.string(),
  /** Where RingCentral offers it; dropped once it is stored. */
  contentUri: z.optional(z.string()),
  object: z.optional(z.extend(ObjectRef, { contentType: z.string() })),
  tries: z.optional(z.array(Try)),
});

/** One complete walk of the day's call log. */
const Listing = z.object({
  /** The run that made it. */
  run: z.string(),
  at: Instant,
  records: Count,
  recordings: Count,
  /** SHA-256 over the sorted ids of records and recordings: equal listings have equal fingerprints. */
  fingerprint: z.string(),
});

/** What a day holds and lacks; published as `docs/manifest.schema.json`. */
export const Manifest = z.object({
  schema: z.literal("nightshift/manifest/1"),
  account: z.string(),
  day: z.string(),
  timeZone: z.string(),
  from: Instant,
  to: Instant,
  revision: Count,
  /** SHA-256 of the bytes of the revision before this one, hex. */
  previous: z.optional(z.string()),
  writtenAt: Instant,
  /** The run that wrote this revision. */
  run: z.string(),
  status: z.enum(["open", "closed"]),
  /** Why the day is open; empty when it is closed. */
  open: z.array(z.enum(["listing-not-settled", "recordings-pending"])),
  listings: z.array(Listing),
  calls: z.optional(ObjectRef),
  index: z.optional(ObjectRef),
  totals: z.object({
    records: Count,
    deleted: Count,
    tooShort: Count,
    recordings: Count,
    stored: Count,
    pending: Count,
    absent: Count,
    refused: Count,
    bytes: Count,
  }),
  recordings: z.array(RecordingEntry),
});
export type Manifest = z.infer<typeof Manifest>;
export type RecordingEntry = z.infer<typeof RecordingEntry>;
export type Listing = z.infer<typeof Listing>;
export type Try = z.infer<typeof Try>;
export type ObjectRef = z.infer<typeof ObjectRef>;

/** What happened to a day, as the steps of a run write it down; a manifest is what they add up to. */
export const ManifestEvent = z.discriminatedUnion("is", [
  z.object({
    is: z.literal("listed"),
    listing: Listing,
    calls: z.optional(ObjectRef),
    counts: z.object({ records: Count, deleted: Count, tooShort: Count }),
    named: z.array(z.object({ id: z.string(), contentUri: z.optional(z.string()), record: z.string() })),
  }),
  z.object({ is: z.literal("stored"), id: z.string(), object: z.extend(ObjectRef, { contentType: z.string() }) }),
  z.object({ is: z.literal("tried"), id: z.string(), try: Try }),
]);
export type ManifestEvent = z.infer<typeof ManifestEvent>;
