import type { Day } from "../time/days.ts";

export type MarkerStatus = "closed" | "open";

/**
 * How the days stand by the markers that a LIST shows: `date=<day>.json` closes a day for the first time; should it be
 * opened again, and closed again, markers that name the manifest's revision say so, and the latest counts.
 */
export function parseMarkers(keys: Iterable<string>): Map<Day, MarkerStatus> {
  const latest = new Map<Day, { readonly revision: number; readonly mark: MarkerStatus }>();
  for (const key of keys) {
    const [, day = "", revision = "0", mark = "closed"] =
      /date=([\d-]{10})(?:\.r(\d+)-(open|closed))?\.json$/.exec(key) ?? [];
    const known = latest.get(day)?.revision ?? -1;
    if (day && Number(revision) > known) latest.set(day, { revision: Number(revision), mark: mark as MarkerStatus });
  }
  return new Map([...latest].map(([day, { mark }]) => [day, mark]));
}
