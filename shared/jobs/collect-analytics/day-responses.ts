import { PassThrough } from "node:stream";
import { parseAnalyticsValues } from "../../core/analytics/analytics-values.ts";
import { type Day, type Span, spanOf } from "../../core/time/days.ts";
import { createIdDigests } from "../../storage/id-digests.ts";
import { gzippedLines } from "../../storage/record-lines.ts";
import { maxTextInMemoryBytes, type Spooled, spool } from "../../storage/spool.ts";
import type { ResponsePage } from "./response-pages.ts";

/** The responses of one dataset on one day, as they will be stored: one line per page. */
export interface DayResponses {
  /** Adds a page, or its points of this day if the page spans several days. Returns the number of points. */
  readonly add: (page: ResponsePage, isWhole: boolean) => Promise<number>;
  readonly end: () => Promise<void>;
  readonly keys: () => number;
  readonly facts: () => { readonly keys: number; readonly values: number; readonly fingerprint: string };
  /** Returns the object to store, after `end`. */
  readonly body: () => Spooled;
  readonly discard: () => Promise<void>;
}

/** Collects the pages of a dataset of one day as gzipped lines, held in memory while small and in /tmp beyond that. */
export function createDayResponses(day: Day, timeZone: string): DayResponses {
  const lines = new PassThrough({ objectMode: true });
  const spooling = spool(gzippedLines(lines as AsyncIterable<string>), { maxInMemoryBytes: maxTextInMemoryBytes });
  // The error is thrown where it is awaited.
  spooling.catch(() => undefined);
  let spooled: Spooled | undefined;
  const span = spanOf(day, timeZone);
  const seen = new Set<string | symbol>();
  const ids = createIdDigests();
  let values = 0;
  return {
    add: async (page, isWhole) => {
      const line = isWhole ? page : pageWithin(page, span);
      // One digest per key, because a group of thousands of users has millions of values.
      let key: string | undefined;
      let rows: string[] = [];
      const addKey = () => {
        if (key !== undefined) ids.add(rows.sort().join("\n"));
        rows = [];
      };
      for (const { group, ...row } of parseAnalyticsValues(line, seen)) {
        if (row.key !== key) addKey();
        key = row.key;
        values++;
        rows.push(JSON.stringify(row));
      }
      addKey();
      if (!lines.write(JSON.stringify(line))) await drained(lines, spooling);
      return pointsIn(line);
    },
    end: async () => {
      lines.end();
      spooled = await spooling;
    },
    keys: () => seen.size,
    facts: () => ({ keys: seen.size, values, fingerprint: ids.fingerprint() }),
    body: () => {
      if (!spooled) throw new Error("end() was not called");
      return spooled;
    },
    discard: async () => {
      lines.end();
      await (await spooling.catch(() => undefined))?.discard();
    },
  };
}

/** Waits until the stream drains or spooling has failed. */
async function drained(lines: PassThrough, spooling: Promise<unknown>): Promise<void> {
  const room = Promise.withResolvers<void>();
  lines.once("drain", room.resolve);
  await Promise.race([room.promise, spooling]);
}

export function pointsIn({ response }: ResponsePage): number {
  return response.data.records.reduce<number>((sum, record) => {
    const { points } = (record ?? {}) as Points;
    return sum + (Array.isArray(points) ? points.length : 0);
  }, 0);
}

interface Points {
  readonly points?: unknown;
}

/** Returns the page with only those points that begin within `span`. */
function pageWithin({ request, response }: ResponsePage, { from, to }: Span): ResponsePage {
  const isWithin = (point: unknown) => {
    const time = Date.parse(String((point as { readonly time?: unknown } | null)?.time));
    return time >= from.getTime() && time < to.getTime();
  };
  const records = response.data.records.map((record) => {
    const { points } = (record ?? {}) as Points;
    return Array.isArray(points) ? { ...(record as object), points: points.filter(isWithin) } : record;
  });
  return { request, response: { ...response, data: { ...response.data, records } } };
}
