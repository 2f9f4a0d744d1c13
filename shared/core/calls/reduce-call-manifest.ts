import { compareText } from "../compare-text.ts";
import { emptyDay } from "../day-manifest.ts";
import type { Day, Span } from "../time/days.ts";
import type { CallDayEvent, CallManifest, RecordingEntry, RecordingState } from "./call-manifest.ts";
import { recordingContentPath } from "./recording-content.ts";
import { recordingState, withAttempt } from "./recording-state.ts";
import { hasShrunk, type SettleRules, settled, vanishedIn, withListing } from "./settling.ts";

type Listed = Extract<CallDayEvent, { type: "listed" }>;
type Fetched = Extract<CallDayEvent, { type: "stored" | "attempt-failed" }>;

/** Returns the manifest of a day without events, at revision 0: open, not listed. */
export function emptyCallManifest(account: string, day: Day, timeZone: string, span: Span): CallManifest {
  return {
    schema: "nightshift/calls-manifest/1",
    ...emptyDay(account, day, timeZone, span),
    openReasons: ["listing-not-settled"],
    listings: [],
    vanished: [],
    totals: { records: 0, deleted: 0, tooShort: 0, vanished: 0, automatic: 0, ...recordingTotals([]) },
    recordings: [],
  };
}

/**
 * Returns the manifest with `events` added. Events may come twice, late or in another order: facts are only ever added.
 * States, totals and status follow from the facts.
 */
export function reduceCallManifest(
  manifest: CallManifest,
  events: readonly CallDayEvent[],
  rules: SettleRules,
): CallManifest {
  const listedEvents = events
    .filter((event) => event.type === "listed")
    .sort((a, b) => compareText(a.listing.at, b.listing.at));
  // Listed events first: later events concern recordings that a listing referenced.
  const listed = listedEvents.reduce(withListed, manifest);
  const recordings = new Map(listed.recordings.map((recording) => [recording.id, recording]));
  for (const event of events) {
    if (event.type !== "stored" && event.type !== "attempt-failed") continue;
    const recording = recordings.get(event.id);
    if (recording) recordings.set(event.id, withFact(recording, event));
  }
  const failures = events.flatMap((event) => (event.type === "listing-failed" ? [event.failure] : []));
  const earliest = (known: string | undefined, cause: "age" | "cap") =>
    [
      known,
      ...events.map((event) => (event.type === "horizon-passed" && event.cause === cause ? event.passedAt : undefined)),
    ]
      .flatMap((each) => each ?? [])
      .sort(compareText)[0];
  return withConclusions(
    {
      ...listed,
      recordings: [...recordings.values()],
      failure: [listed.failure, ...failures].reduce((a, b) => ((a?.at ?? "") >= (b?.at ?? "") ? a : b)),
      horizonPassedAt: earliest(listed.horizonPassedAt, "age"),
      capPassedAt: earliest(listed.capPassedAt, "cap"),
    },
    rules,
  );
}

function withListed(manifest: CallManifest, { listing, calls, counts, recordings: references }: Listed): CallManifest {
  const isNewest = !manifest.listings.some((known) => known.at >= listing.at);
  const recordings = new Map(manifest.recordings.map((recording) => [recording.id, recording]));
  for (const { id, contentUri, callId, automatic } of references) {
    const known = recordings.get(id);
    const first = known && known.firstSeenAt <= listing.at ? known : { firstSeenAt: listing.at, callId };
    recordings.set(id, {
      ...(known ?? { id, state: "pending" as const }),
      firstSeenAt: first.firstSeenAt,
      callId: first.callId,
      ...((automatic || known?.automatic) && { automatic: true }),
      ...(contentUri && (isNewest || !known?.contentUri) && { contentUri }),
    });
  }
  return {
    ...manifest,
    listings: withListing(manifest.listings, listing),
    recordings: [...recordings.values()],
    ...(isNewest && { calls: calls ?? manifest.calls, totals: { ...manifest.totals, ...counts } }),
  };
}

function withFact(recording: RecordingEntry, event: Fetched): RecordingEntry {
  return event.type === "stored"
    ? { ...recording, object: recording.object ?? event.object }
    : { ...recording, attempts: withAttempt(recording.attempts ?? [], event.attempt) };
}

/** Derives states, totals and status from the facts. */
function withConclusions(manifest: CallManifest, rules: SettleRules): CallManifest {
  const { listings } = manifest;
  const recordings = manifest.recordings
    .map((recording) => withState(recording, recordingState(recording, horizonOf(recording, manifest))))
    .sort((a, b) => compareText(a.id, b.id));
  const vanished = vanishedIn(listings);
  const callsWithoutRecording = countExpiredUnseen(manifest);
  const totals = {
    ...manifest.totals,
    vanished: vanished.length,
    ...recordingTotals(recordings),
    callsWithoutRecording,
  };
  const hasListingSince = (manifest.failure?.at ?? "") <= (listings.at(-1)?.at ?? "");
  const failure = hasListingSince ? undefined : manifest.failure;
  const openReasons: CallManifest["openReasons"] = [
    ...(settled(manifest, rules) ? [] : (["listing-not-settled"] as const)),
    ...(hasShrunk(listings) ? (["listing-shrank"] as const) : []),
    ...(failure ? (["listing-failed"] as const) : []),
    ...(totals.pending > 0 ? (["recordings-pending"] as const) : []),
  ];
  const status = openReasons.length === 0 ? "closed" : "open";
  return {
    ...manifest,
    status,
    openReasons,
    settled: settled(manifest, rules),
    listings,
    failure,
    vanished,
    totals,
    recordings,
  };
}

/** Counts calls whose recording may have expired before the first listing; undefined if the day was listed in time. */
function countExpiredUnseen({ listings, horizonPassedAt }: CallManifest): number | undefined {
  const firstAt = listings[0]?.at;
  if (horizonPassedAt === undefined || firstAt === undefined || firstAt < horizonPassedAt) return undefined;
  return listings.at(-1)?.callsWithoutRecording;
}

/** Instant since when RingCentral no longer has the recording: by age or by cap, whichever was first. */
function horizonOf({ automatic }: RecordingEntry, { horizonPassedAt, capPassedAt }: CallManifest): string | undefined {
  const passedAt = [horizonPassedAt, automatic ? capPassedAt : undefined].flatMap((each) => each ?? []);
  return passedAt.sort(compareText)[0];
}

function withState(recording: RecordingEntry, state: RecordingState): RecordingEntry {
  if (state !== "stored")
    return { ...recording, contentUri: recording.contentUri ?? recordingContentPath(recording.id), state };
  // URL and attempts are not needed once it is stored.
  const { contentUri, attempts, ...rest } = recording;
  return { ...rest, state };
}

function recordingTotals(recordings: readonly RecordingEntry[]) {
  const count = (state: RecordingState) => recordings.filter((recording) => recording.state === state).length;
  return {
    recordings: recordings.length,
    stored: count("stored"),
    pending: count("pending"),
    notFound: count("not-found"),
    refused: count("refused"),
    alreadyDeleted: count("already-deleted"),
    lost: count("lost"),
    bytes: recordings.reduce((sum, { object }) => sum + (object?.bytes ?? 0), 0),
  };
}
