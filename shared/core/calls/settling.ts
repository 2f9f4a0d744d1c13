import { compareText } from "../compare-text.ts";
import type { CallManifest, Listing } from "./call-manifest.ts";

/** The rules by which a day's listing settles. */
export interface SettleRules {
  /** Two listings that agree must be this far apart. */
  readonly listingGapMs: number;
  /** The later of them must be this long after the day's end. */
  readonly settleAfterMs: number;
}

/** After so many differing listings the day counts as unstable, and is not waited for any longer. */
const mostDiffering = 5;
/** Listings kept: more than settling looks at. */
const listingsKept = 8;
/** More than this share of a day's records, and more than a few, do not vanish at once: something else is wrong. */
const believableShare = 0.1;
const believableFew = 2;

/** The listings with one more; each run makes one. What counts is kept: the newest, and the last two that did not shrink. */
export function withListing(listings: readonly Listing[], listing: Listing): Listing[] {
  if (listings.some((known) => known.run === listing.run)) return [...listings];
  const all = [...listings, listing].sort((a, b) => compareText(a.at, b.at));
  const { good } = believedListings(all);
  const kept = new Set([...all.slice(-listingsKept), ...good.slice(-2)]);
  const first = good.find((each) => kept.has(each));
  return all.filter((each) => kept.has(each)).map((each) => (each === first ? believedByItself(each) : each));
}

/** What it was measured against may be kept no longer; it stays believed. */
function believedByItself(listing: Listing): Listing {
  return isBelievable(listing, undefined) ? listing : { ...listing, accepted: true };
}

/** Whether the last listing lacks so much that was known that it cannot be believed: a lost permission, a limit of retention. */
export function hasShrunk(listings: readonly Listing[]): boolean {
  const { good } = believedListings(listings);
  return listings.length > 0 && good.at(-1) !== listings.at(-1);
}

/** Returns the ids of the records that the newest believed listing does not show. */
export function missingIn(listings: readonly Listing[]): readonly string[] {
  return believedListings(listings).good.at(-1)?.missingIds ?? [];
}

/** Ids of the records that two listings in a row did not show. */
export function vanishedIn(listings: readonly Listing[]): string[] {
  const [before, last] = believedListings(listings).good.slice(-2);
  const still = new Set(last?.missingIds);
  return (before?.missingIds ?? []).filter((id) => still.has(id)).sort(compareText);
}

/**
 * Settled: the last listing is late enough after the day's end and agrees with one made long enough before it, and with
 * all between; or too many in a row have differed.
 */
export function settled(
  { listings, to }: Pick<CallManifest, "listings" | "to">,
  rules: SettleRules,
): "agreed" | "unstable" | undefined {
  const last = listings.at(-1);
  if (!last || msOf(last) - Date.parse(to) < rules.settleAfterMs) return undefined;
  const differing = listings.findLastIndex(({ fingerprint }) => fingerprint !== last.fingerprint);
  const first = listings[differing + 1] ?? last;
  if (first !== last && msOf(last) - msOf(first) >= rules.listingGapMs) return "agreed";
  return differingInTurn(listings, rules.listingGapMs) >= mostDiffering ? "unstable" : undefined;
}

/** True for a day whose call log has to be listed again: it has not settled, or its last listing is not to be believed. */
export function needsListing(manifest: Pick<CallManifest, "listings" | "to" | "failure">, rules: SettleRules): boolean {
  return !settled(manifest, rules) || hasShrunk(manifest.listings) || manifest.failure !== undefined;
}

/** How many of the last listings, a gap apart, each differ from the one before. */
function differingInTurn(listings: readonly Listing[], gapMs: number): number {
  let counted = listings.length > 0 ? 1 : 0;
  let next = listings.at(-1);
  let latest = next;
  for (const listing of listings.slice(0, -1).reverse()) {
    if (!latest || listing.fingerprint === next?.fingerprint) break;
    next = listing;
    if (msOf(latest) - msOf(listing) < gapMs) continue;
    latest = listing;
    counted++;
  }
  return counted;
}

/** The listings that can be believed, each measured against the one believed before it. */
function believedListings(listings: readonly Listing[]): { readonly good: readonly Listing[] } {
  const good: Listing[] = [];
  for (const listing of listings) if (isBelievable(listing, good.at(-1))) good.push(listing);
  return { good };
}

function isBelievable(listing: Listing, before: Listing | undefined): boolean {
  const fresh = newlyMissing(listing, before);
  if (listing.accepted || fresh === 0) return true;
  const all = listing.missing === listing.archived;
  return !all && fresh <= Math.max(believableFew, listing.archived * believableShare);
}

function newlyMissing(listing: Listing, before: Listing | undefined): number {
  if (listing.missingIds && (before?.missingIds || !before?.missing)) {
    const known = new Set(before?.missingIds);
    return listing.missingIds.filter((id) => !known.has(id)).length;
  }
  return Math.max(0, listing.missing - (before?.missing ?? 0));
}

function msOf({ at }: Listing): number {
  return Date.parse(at);
}
