import { compareText } from "../compare-text.ts";
import type { CallManifest, Listing } from "./call-manifest.ts";

/** When a day counts as settled. */
export interface SettleRules {
  /** Minimum time between two listings that agree. */
  readonly listingGapMs: number;
  /** Minimum time between the end of the day and the later listing. */
  readonly settleAfterMs: number;
}

/** A day is unstable once this many listings differed. */
const maxDifferingListings = 5;
/** More than settling compares. */
const maxListingsKept = 8;
/**
 * A listing that newly misses more than this share of the day's records, and more than `maxMissingAlways`, has shrunk.
 */
const maxMissingShare = 0.1;
const maxMissingAlways = 2;

/** Adds a listing, one per run. Keeps the newest 8 and the last two believed ones. */
export function withListing(listings: readonly Listing[], listing: Listing): Listing[] {
  if (listings.some((known) => known.run === listing.run)) return [...listings];
  const all = [...listings, listing].sort((a, b) => compareText(a.at, b.at));
  const believed = believedListings(all);
  const kept = new Set([...all.slice(-maxListingsKept), ...believed.slice(-2)]);
  const firstBelieved = believed.find((each) => kept.has(each));
  return all.filter((each) => kept.has(each)).map((each) => (each === firstBelieved ? withAcceptance(each) : each));
}

/** Accepts a believed listing, so that it stays believed without the earlier listings. */
function withAcceptance(listing: Listing): Listing {
  return isBelievable(listing, undefined) ? listing : { ...listing, accepted: true };
}

/**
 * True if the last listing is not believed: it misses too many known records, for example after a permission was lost.
 */
export function hasShrunk(listings: readonly Listing[]): boolean {
  return listings.length > 0 && believedListings(listings).at(-1) !== listings.at(-1);
}

/** Returns the ids of the records that the newest believed listing misses. */
export function missingIn(listings: readonly Listing[]): readonly string[] {
  return believedListings(listings).at(-1)?.missingIds ?? [];
}

/** Returns the ids of the records that the last two believed listings both miss. */
export function vanishedIn(listings: readonly Listing[]): string[] {
  const [previous, last] = believedListings(listings).slice(-2);
  const missing = new Set(last?.missingIds);
  return (previous?.missingIds ?? []).filter((id) => missing.has(id)).sort(compareText);
}

/**
 * Returns how the day settled: `agreed` if the last listing equals an earlier one and all between, `unstable` if five
 * differed. Undefined while it has not.
 */
export function settled(
  { listings, to }: Pick<CallManifest, "listings" | "to">,
  rules: SettleRules,
): "agreed" | "unstable" | undefined {
  const last = listings.at(-1);
  if (!last || msOf(last) - Date.parse(to) < rules.settleAfterMs) return undefined;
  const lastDiffering = listings.findLastIndex(({ fingerprint }) => fingerprint !== last.fingerprint);
  const first = listings[lastDiffering + 1] ?? last;
  if (first !== last && msOf(last) - msOf(first) >= rules.listingGapMs) return "agreed";
  return countDiffering(listings, rules.listingGapMs) >= maxDifferingListings ? "unstable" : undefined;
}

/** True if the day must be listed again: it has not settled, its last listing shrank, or the last attempt failed. */
export function needsListing(manifest: Pick<CallManifest, "listings" | "to" | "failure">, rules: SettleRules): boolean {
  return !settled(manifest, rules) || hasShrunk(manifest.listings) || manifest.failure !== undefined;
}

/** Counts the last listings that differ from their predecessor and are at least `gapMs` apart. */
function countDiffering(listings: readonly Listing[], gapMs: number): number {
  let count = listings.length > 0 ? 1 : 0;
  let next = listings.at(-1);
  let latest = next;
  for (const listing of listings.slice(0, -1).reverse()) {
    if (!latest || listing.fingerprint === next?.fingerprint) break;
    next = listing;
    if (msOf(latest) - msOf(listing) < gapMs) continue;
    latest = listing;
    count++;
  }
  return count;
}

/** Returns the believed listings; each is compared with the believed one before it. */
function believedListings(listings: readonly Listing[]): readonly Listing[] {
  const believed: Listing[] = [];
  for (const listing of listings) if (isBelievable(listing, believed.at(-1))) believed.push(listing);
  return believed;
}

function isBelievable(listing: Listing, previous: Listing | undefined): boolean {
  const count = countNewlyMissing(listing, previous);
  if (listing.accepted || count === 0) return true;
  const missesAll = listing.missing === listing.archived;
  return !missesAll && count <= Math.max(maxMissingAlways, listing.archived * maxMissingShare);
}

function countNewlyMissing(listing: Listing, previous: Listing | undefined): number {
  if (listing.missingIds && (previous?.missingIds || !previous?.missing)) {
    const known = new Set(previous?.missingIds);
    return listing.missingIds.filter((id) => !known.has(id)).length;
  }
  return Math.max(0, listing.missing - (previous?.missing ?? 0));
}

function msOf({ at }: Listing): number {
  return Date.parse(at);
}
