import { PassThrough } from "node:stream";
import { parseAnalyticsValues } from "../../core/analytics/analytics-values.ts";
import { type Day, type Span, spanOf } from "../../core/time/days.ts";
import { createIdDigests } from "../../storage/id-digests.ts";
import { gzippedLines } from "../../storage/record-lines.ts";
import { maxTextInMemoryBytes, type Spooled, spool } from "../../storage/spool.ts";
import type { AnswerPage } from "./fetched-queries.ts";

/** The answers on one day of a part, as they will be stored: a line for each page. */
export interface DayAnswers {
  /** Adds a page; of one that spans several days only what is about this day. Tells how many points that were. */
  readonly add: (page: AnswerPage, isWhole: boolean) => Promise<number>;
  readonly end: () => Promise<void>;
  readonly keys: () => number;
  readonly facts: () => { readonly keys: number; readonly numbers: number; readonly fingerprint: string };
  /** What to store, once it has ended. */
  readonly body: () => Spooled;
  readonly discard: () => Promise<void>;
}

export function createDayAnswers(day: Day, timeZone: string): DayAnswers {
  const lines = new PassThrough({ objectMode: true });
  const spooling = spool(gzippedLines(lines as AsyncIterable<string>), { maxInMemoryBytes: maxTextInMemoryBytes });
  // Told when it is awaited.
  spooling.catch(() => undefined);
  let spooled: Spooled | undefined;
  const span = spanOf(day, timeZone);
  const seen = new Set<string | symbol>();
  const ids = createIdDigests();
  let numbers = 0;
  return {
    add: async (page, isWhole) => {
      const line = isWhole ? page : ofSpan(page, span);
      // A digest for each key: a group of thousands has millions of numbers.
      let key: string | undefined;
      let rows: string[] = [];
      const note = () => {
        if (key !== undefined) ids.add(rows.sort().join("\n"));
        rows = [];
      };
      for (const { group, ...row } of parseAnalyticsValues(line, seen)) {
        if (row.key !== key) note();
        key = row.key;
        numbers++;
        rows.push(JSON.stringify(row));
      }
      note();
      if (!lines.write(JSON.stringify(line))) await drained(lines, spooling);
      return pointsIn(line);
    },
    end: async () => {
      lines.end();
      spooled = await spooling;
    },
    keys: () => seen.size,
    facts: () => ({ keys: seen.size, numbers, fingerprint: ids.fingerprint() }),
    body: () => {
      if (!spooled) throw new Error("it has not ended");
      return spooled;
    },
    discard: async () => {
      lines.end();
      await (await spooling.catch(() => undefined))?.discard();
    },
  };
}

/** Whichever comes first: room for more, or the end of what would make room. */
async function drained(lines: PassThrough, spooling: Promise<unknown>): Promise<void> {
  const room = Promise.withResolvers<void>();
  lines.once("drain", room.resolve);
  await Promise.race([room.promise, spooling]);
}

export function pointsIn({ answer }: AnswerPage): number {
  return answer.data.records.reduce<number>((sum, record) => {
    const { points } = (record ?? {}) as Points;
    return sum + (Array.isArray(points) ? points.length : 0);
  }, 0);
}

interface Points {
  readonly points?: unknown;
}

/** The page with only those points of each record that begin within `span`. */
function ofSpan({ request, answer }: AnswerPage, { from, to }: Span): AnswerPage {
  const isOfSpan = (point: unknown) => {
    const time = Date.parse(String((point as { readonly time?: unknown } | null)?.time));
    return time >= from.getTime() && time < to.getTime();
  };
  const records = answer.data.records.map((record) => {
    const { points } = (record ?? {}) as Points;
    return Array.isArray(points) ? { ...(record as object), points: points.filter(isOfSpan) } : record;
  });
  return { request, answer: { ...answer, data: { ...answer.data, records } } };
}
