import type { CallManifest } from "./call-manifest.ts";

const names = [
  ...(["calls", "recordings", "automatic", "stored", "pending"] as const),
  ...(["notFound", "refused", "alreadyDeleted", "lost", "bytes", "unstable"] as const),
] as const;

/** Totals of a day's manifest, or of many: `unstable` is the number of days closed as unstable. */
export type DayTotals = Readonly<Record<(typeof names)[number], number>>;

/** Returns the totals of one manifest. */
export function dayTotals({ totals, settled }: Pick<CallManifest, "totals" | "settled">): DayTotals {
  const { records, recordings, automatic, stored, pending, notFound, refused, alreadyDeleted, lost, bytes } = totals;
  const unstable = settled === "unstable" ? 1 : 0;
  const given = { notFound, refused, alreadyDeleted, lost };
  return { calls: records, recordings, automatic, stored, pending, ...given, bytes, unstable };
}

/** Returns the totals that the index of days has of a manifest; undefined before the day was listed. */
export function indexedTotals(manifest: Pick<CallManifest, "totals" | "settled" | "listings">): DayTotals | undefined {
  return manifest.listings.length > 0 ? dayTotals(manifest) : undefined;
}

/** Returns the counts as totals; undefined if one is missing, as in an index that an earlier version has written. */
export function asDayTotals(counts: Readonly<Record<string, number>> | undefined): DayTotals | undefined {
  return counts && names.every((name) => counts[name] !== undefined) ? (counts as DayTotals) : undefined;
}

/** Adds up totals. */
export function sumOfTotals(all: Iterable<DayTotals>): DayTotals {
  const sum = Object.fromEntries(names.map((name) => [name, 0])) as Record<keyof DayTotals, number>;
  for (const totals of all) for (const name of names) sum[name] += totals[name];
  return sum;
}
