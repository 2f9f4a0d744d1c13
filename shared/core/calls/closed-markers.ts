import type { Day } from "../time/days.ts";

/** Status by a day's newest marker; `open` means reopened after it was closed. */
export type MarkerStatus = "closed" | "open";

/**
 * Returns each day's status by its markers: `date=<day>.json` when first closed, `date=<day>.r<revision>-<status>.json`
 * when reopened or closed again. The highest revision counts.
 */
export function parseMarkers(keys: Iterable<string>): Map<Day, MarkerStatus> {
  const latest = new Map<Day, { readonly revision: number; readonly status: MarkerStatus }>();
  for (const key of keys) {
    const [, day = "", revision = "0", status = "closed"] =
      /date=([\d-]{10})(?:\.r(\d+)-(open|closed))?\.json$/.exec(key) ?? [];
    const known = latest.get(day)?.revision ?? -1;
    if (day && Number(revision) > known)
      latest.set(day, { revision: Number(revision), status: status as MarkerStatus });
  }
  return new Map([...latest].map(([day, { status }]) => [day, status]));
}
