import type { AnalyticsQuery } from "../../core/analytics/analytics-query.ts";
import { queryName } from "../../core/object-keys.ts";
import { hasCode, JobError } from "../../errors.ts";
import { TimeUp } from "../../runtime/slice.ts";
import { isOfOneObject } from "../../storage/each-day.ts";
import { type FetchedQuery, type ResponsePage, readResponsePages } from "./response-pages.ts";
import type { RunQueries } from "./run-queries.ts";
import type { AnalyticsServices } from "./services.ts";
import { storeDataset } from "./store-dataset.ts";

/** The queries that a slice has fetched, until it stores their datasets. */
export interface DatasetBuffer {
  /** Keeps a page that is stored in S3, so that it need not be read. */
  readonly hold: (query: AnalyticsQuery, page: number, zipped: Buffer) => void;
  readonly add: (fetched: FetchedQuery) => void;
  /**
   * Stores the datasets of the added queries, one query at a time, until the next rate window begins. What
   * it leaves, the step `store` stores or reports as failed.
   */
  readonly store: () => Promise<void>;
}

/** Gzipped, a page has some hundred kilobytes. */
const defaultMaxHeldBytes = 32 * 1024 * 1024;
/** Far below the function's 15 minutes; a usual rate window. */
const maxStoringMs = 60_000;
/** Time for the page or dataset being stored, so that the next slice begins when its rate window does. */
const spareMs = 2_000;

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

  const storeOne = async (fetched: FetchedQuery, untilMs: number) => {
    const name = queryName(fetched);
    const pages = readResponsePages(services, account, fetched, held.get(name));
    try {
      await storeDataset(services, account, fetched, untilTime(pages, services, untilMs));
      await runQueries.markStored(fetched);
    } finally {
      release(name);
    }
  };

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
        for (const fetched of queries.splice(0)) await storeOne(fetched, untilMs).catch(ignoreIfOfQuery);
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
function ignoreIfOfQuery(error: unknown): void {
  if (!hasCode(error, "API_BAD_RESPONSE") && !isOfOneObject(error)) throw error;
}
