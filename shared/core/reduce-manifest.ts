import { compareText } from "./compare-text.ts";
import type { Day, Span } from "./days.ts";
import type { Listing, Manifest, ManifestEvent, RecordingEntry, Try } from "./manifest.ts";

/** The rules by which a day settles and a recording is given up. */
export interface SettleRules {
  /** Two listings that agree must be this far apart. */
  readonly listingGapMs: number;
  /** The later of them must be this long after the day's end. */
  readonly settleAfterMs: number;
}

/** A recording that was answered the same "not found" or "refused" for so long will not be had any more. */
const givenUpAfterMs = 14 * 24 * 3_600_000;
/** Tries kept: those of more than 14 days at the ladder's pace. */
const triesKept = 12;
const listingsKept = 5;

export function emptyManifest(account: string, day: Day, timeZone: string, span: Span): Manifest {
  return {
    schema: "nightshift/manifest/1",
    account,
    day,
    timeZone,
    from: span.from.toISOString(),
    to: span.to.toISOString(),
    revision: 0,
    writtenAt: new Date(0).toISOString(),
    run: "",
    status: "open",
    open: ["listing-not-settled"],
    listings: [],
    totals: {
      records: 0,
      deleted: 0,
      tooShort: 0,
      recordings: 0,
      stored: 0,
      pending: 0,
      absent: 0,
      refused: 0,
      bytes: 0,
    },
    recordings: [],
  };
}

/**
 * The manifest after what happened. Every event may come twice, late or in another order: facts are only ever added, and
 * states, totals and status follow from the facts.
 */
export function reduceManifest(manifest: Manifest, events: readonly ManifestEvent[], rules: SettleRules): Manifest {
  const recordings = new Map(manifest.recordings.map((entry) => [entry.id, entry]));
  let { listings, calls, totals } = manifest;
  // A recording must have been named before anything can be said of it.
  const named = events.filter((event) => event.is === "listed");
  for (const event of [...named].sort((a, b) => compareText(a.listing.at, b.listing.at))) {
    const newest = !listings.some((known) => known.at >= event.listing.at);
    for (const recording of event.named) {
      const known = recordings.get(recording.id);
      if (!known) recordings.set(recording.id, { ...recording, state: "pending" });
      else if (newest && recording.contentUri)
        recordings.set(recording.id, { ...known, contentUri: recording.contentUri });
    }
    listings = withListing(listings, event.listing);
    if (!newest) continue;
    calls = event.calls ?? calls;
    totals = { ...totals, ...event.counts };
  }
  for (const event of events) {
    const entry = event.is === "listed" ? undefined : recordings.get(event.id);
    if (entry && event.is !== "listed") recordings.set(event.id, withFact(entry, event));
  }
  const entries = [...recordings.values()].map(withState).sort((a, b) => compareText(a.id, b.id));
  return withStatus(
    { ...manifest, listings, calls, recordings: entries, totals: { ...totals, ...counted(entries) } },
    rules,
  );
}

/** Settled: the last listing is late enough after the day's end, and one made long enough before it, with all between, agrees. */
export function isSettled({ listings, to }: Pick<Manifest, "listings" | "to">, rules: SettleRules): boolean {
  const last = listings.at(-1);
  if (!last || Date.parse(last.at) - Date.parse(to) < rules.settleAfterMs) return false;
  const differing = listings.findLastIndex(({ fingerprint }) => fingerprint !== last.fingerprint);
  const first = listings[differing + 1];
  const agrees = first !== undefined && first !== last;
  return agrees && Date.parse(last.at) - Date.parse(first.at) >= rules.listingGapMs;
}

/** When a pending recording is due again: at once, then 1, 2, 4, 8 … nights after each try (some hours early, nights vary). */
export function nextTryAt({ tries = [] }: Pick<RecordingEntry, "tries">): Date {
  const last = tries.at(-1);
  if (!last) return new Date(0);
  const nights = Math.min(2 ** (tries.length - 1), 8);
  return new Date(Date.parse(last.at) + nights * 24 * 3_600_000 - 6 * 3_600_000);
}

function withListing(listings: readonly Listing[], listing: Listing): Listing[] {
  if (listings.some((known) => known.run === listing.run)) return [...listings];
  return [...listings, listing].sort((a, b) => compareText(a.at, b.at)).slice(-listingsKept);
}

function withFact(entry: RecordingEntry, event: Exclude<ManifestEvent, { is: "listed" }>): RecordingEntry {
  return event.is === "stored"
    ? { ...entry, object: entry.object ?? event.object }
    : { ...entry, tries: withTry(entry.tries ?? [], event.try) };
}

function withTry(tries: readonly Try[], one: Try): Try[] {
  if (tries.some((known) => known.at === one.at)) return [...tries];
  return [...tries, one].sort((a, b) => compareText(a.at, b.at)).slice(-triesKept);
}

function withState(entry: RecordingEntry): RecordingEntry {
  const { contentUri, tries, ...rest } = entry;
  return entry.object ? { ...rest, state: "stored" } : { ...entry, state: stateAfter(tries ?? []) };
}

/** Given up when the same final answer came for 14 days; any other answer in between begins them anew. */
function stateAfter(tries: readonly Try[]): "pending" | "absent" | "refused" {
  const last = tries.at(-1);
  if (last?.why !== "not-found" && last?.why !== "refused") return "pending";
  const first = tries[tries.findLastIndex(({ why }) => why !== last.why) + 1] ?? last;
  if (Date.parse(last.at) - Date.parse(first.at) < givenUpAfterMs) return "pending";
  return last.why === "not-found" ? "absent" : "refused";
}

function withStatus(manifest: Manifest, rules: SettleRules): Manifest {
  const open: Manifest["open"] = [];
  if (!isSettled(manifest, rules)) open.push("listing-not-settled");
  if (manifest.totals.pending > 0) open.push("recordings-pending");
  return { ...manifest, open, status: open.length === 0 ? "closed" : "open" };
}

function counted(entries: readonly RecordingEntry[]) {
  const count = (state: RecordingEntry["state"]) => entries.filter((entry) => entry.state === state).length;
  return {
    recordings: entries.length,
    stored: count("stored"),
    pending: count("pending"),
    absent: count("absent"),
    refused: count("refused"),
    bytes: entries.reduce((sum, { object }) => sum + (object?.bytes ?? 0), 0),
  };
}
