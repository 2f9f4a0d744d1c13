import type { AnalyticsQuery } from "../../core/analytics/analytics-query.ts";
import { forEachConcurrent } from "../../core/async/for-each-concurrent.ts";
import { queryName } from "../../core/object-keys.ts";
import { hasCode, JobError } from "../../errors.ts";
import { TimeUp } from "../../runtime/slice.ts";
import { isOfOneObject } from "../../storage/each-day.ts";
import { type FetchedQuery, type ResponsePage, readResponsePages } from "./response-pages.ts";
import type { RunQueries } from "./run-queries.ts";
import type { AnalyticsServices } from "./services.ts";
import { type AppendEvents, storeResponses } from "./store-dataset.ts";

/** The queries that a slice has fetched, until it stores their datasets. */
export interface DatasetBuffer {
  /** Keeps a page that is stored in S3, so that it need not be read. */
  readonly hold: (query: AnalyticsQuery, page: number, zipped: Buffer) => void;
  readonly add: (fetched: FetchedQuery) => void;
  /**
   * Stores the datasets of the added queries until the next rate window begins: the responses of one query at a time, while S3
   * stores the events of those before. What it leaves, the step `store` stores or reports as failed.
   */
  readonly store: () => Promise<void>;
}

/** Gzipped, a page has some hundred kilobytes. */
const defaultMaxHeldBytes = 32 * 1024 * 1024;
/** Far below the function's 15 minutes; a usual rate window. */
const maxStoringMs = 60_000;
/** Time for the page or dataset being stored, so that the next slice begins when its rate window does. */
const spareMs = 2_000;
/** Queries whose events and notes are written at once: each is small, and costs little but two waits for S3. */
const appendConcurrency = 4;

export interface DatasetBufferOptions {
  /** Gzipped pages beyond that are read from S3. @default 32 MiB */
  readonly maxHeldBytes?: number;
}

/** Stores after the requests of a slice, because parsing a page between them would delay the next. */
export function createDatasetBuffer(
  services: AnalyticsServices,
  account: string,
  runQueries: RunQueries,
  { maxHeldBytes = defaultMaxHeldBytes }: DatasetBufferOptions = {},
): DatasetBuffer {
  const queries: FetchedQuery[] = [];
  const held = new Map<string, Map<number, Buffer>>();
  let heldBytes = 0;

  const release = (name: string) => {
    for (const zipped of held.get(name)?.values() ?? []) heldBytes -= zipped.length;
    held.delete(name);
  };

  const storeOne = async (fetched: FetchedQuery, untilMs: number): Promise<AppendEvents> => {
    const name = queryName(fetched);
    const pages = readResponsePages(services, account, fetched, held.get(name));
    try {
      return await storeResponses(services, account, fetched, untilTime(pages, services, untilMs));
    } finally {
      release(name);
    }
  };

  /** Stores the responses of one query after the other, and yields what is then left to write. */
  async function* storeEach(untilMs: number): AsyncGenerator<() => Promise<void>> {
    for (const fetched of queries.splice(0)) {
      const append = await storeOne(fetched, untilMs).catch(ignoreIfOfQuery);
      if (append) yield () => append().then(() => runQueries.markStored(fetched));
    }
  }

  return {
    hold: (query, page, zipped) => {
      if (heldBytes + zipped.length > maxHeldBytes) return;
      heldBytes += zipped.length;
      const name = queryName(query);
      const pages = held.get(name) ?? new Map<number, Buffer>();
      held.set(name, pages.set(page, zipped));
    },
    add: (fetched) => void queries.push(fetched),
    store: async () => {
      const nextWindowAtMs = services.nextWindowAt()?.getTime() ?? Number.POSITIVE_INFINITY;
      const untilMs = Math.min(services.now().getTime() + maxStoringMs, nextWindowAtMs - spareMs);
      try {
        await forEachConcurrent(storeEach(untilMs), appendConcurrency, (finish) => finish().catch(ignoreIfOfQuery));
      } catch (error) {
        // The time is up, or S3 is unavailable.
        if (!(error instanceof TimeUp || error instanceof JobError)) throw error;
      }
    },
  };
}

/** Passes pages through. @throws TimeUp before a page once it is `untilMs` */
async function* untilTime(
  pages: AsyncIterable<ResponsePage>,
  { now }: Pick<AnalyticsServices, "now">,
  untilMs: number,
): AsyncGenerator<ResponsePage> {
  if (now().getTime() >= untilMs) throw new TimeUp();
  for await (const page of pages) {
    yield page;
    if (now().getTime() >= untilMs) throw new TimeUp();
  }
}

/** Catch handler for a failure that concerns one query alone. */
function ignoreIfOfQuery(error: unknown): undefined {
  if (!hasCode(error, "API_BAD_RESPONSE") && !isOfOneObject(error)) throw error;
}
