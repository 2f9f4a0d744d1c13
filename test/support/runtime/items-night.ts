import { Pause } from "../../../shared/core/async/pause.ts";
import type { Tally } from "../../../shared/core/whose-fault.ts";
import { JobError } from "../../../shared/errors.ts";
import type { Items } from "../../../shared/runtime/items.ts";
import { type RunInMemory, runInMemory } from "./run-in-memory.ts";

/** Results of a request. */
export type PlannedResponse =
  | "good"
  | "400"
  | "404"
  | "403"
  | "401"
  | "500"
  | "refused login"
  | "window used up"
  | "S3 403"
  | "S3 503"
  | "a bug";

export interface NightOptions {
  readonly items: readonly string[];
  /** Result by item, seconds since the start, and number of the request for the item, from 1. @default good */
  readonly respond?: (item: string, seconds: number, time: number) => PlannedResponse;
  /** Result of a control; undefined if there is none. */
  readonly control?: (seconds: number) => PlannedResponse;
  /** The same, by the item that was done last. */
  readonly controlOf?: (done: string | undefined) => PlannedResponse | undefined;
  readonly concurrency?: number;
  readonly groupOf?: (item: string) => string;
  readonly isFirstTime?: (item: string) => boolean;
  readonly areFewReported?: boolean;
  /** Maximum number of requests in one rate window of a minute. @default unlimited */
  readonly perWindow?: number;
  /** @default 1 */
  readonly secondsPerRequest?: number;
}

export interface Night extends RunInMemory {
  /** Requested items, in order. */
  readonly requested: readonly string[];
  readonly done: readonly string[];
  readonly noted: readonly string[];
  readonly controls: number;
  readonly tally: Tally | undefined;
  readonly minutes: number;
}

function failureOf(response: PlannedResponse, now: Date): unknown {
  switch (response) {
    case "good":
      return undefined;
    case "400":
      return new JobError("API_BAD_REQUEST", "400", { details: { status: 400 } });
    case "404":
      return new JobError("API_NOT_FOUND", "404", { details: { status: 404, errorCode: "CMN-102" } });
    case "403":
      return new JobError("API_REFUSED", "403", { details: { status: 403, errorCode: "CMN-408" } });
    case "401":
      return new JobError("API_REFUSED", "401", { details: { status: 401 } });
    case "500":
      return new Pause(now, "unavailable");
    case "refused login":
      return new JobError("CREDENTIAL_REFUSED", "OAU-213");
    case "window used up":
      return new Pause(new Date(now.getTime() + 60_000), "window");
    case "S3 403":
      return new JobError("STORAGE_FAILED", "AccessDenied");
    case "S3 503":
      return new JobError("STORAGE_FAILED", "SlowDown", { retryable: true });
    case "a bug":
      return new TypeError("secret words");
  }
}

/** Runs through items, with a clock that advances by a second for each request, and by waits. */
export async function night(options: NightOptions): Promise<Night> {
  const {
    items,
    respond = () => "good",
    control,
    controlOf = () => undefined,
    perWindow = Infinity,
    concurrency = 4,
    secondsPerRequest = 1,
  } = options;
  const [requested, done, noted]: string[][] = [[], [], []];
  const times = new Map<string, number>();
  let controls = 0;
  let tally: Tally | undefined;
  let used = { window: -1, count: 0 };
  const run = await runInMemory(async (_request, job) => {
    tally = await job.items("work", (s): Items<string> => {
      const seconds = () => s.secondsSinceStart();
      const send = (respondNow: () => PlannedResponse) => {
        const window = Math.floor(seconds() / 60);
        if (used.window !== window) used = { window, count: 0 };
        if (used.count++ >= perWindow) throw new Pause(s.inSeconds(60 - (seconds() % 60)), "window");
        s.passes(secondsPerRequest);
        const failure = failureOf(respondNow(), s.now());
        if (failure) throw failure;
      };
      return {
        concurrency,
        from: (place) => items.slice(place),
        nameOf: (item) => item,
        ...(options.groupOf && { groupOf: options.groupOf }),
        ...(options.isFirstTime && { isFirstTime: options.isFirstTime }),
        ...(options.areFewReported && { areFewReported: true }),
        work: async (item, succeeded) => {
          send(() => {
            requested?.push(item);
            times.set(item, (times.get(item) ?? 0) + 1);
            return respond(item, seconds(), times.get(item) ?? 0);
          });
          succeeded();
          done?.push(item);
        },
        reportFailure: async (item, { result }) => void noted?.push(`${item}: ${result}`),
        control: (item) => {
          const respondNow = control ? () => control(seconds()) : controlOf(item);
          if (respondNow === undefined) return undefined;
          controls++;
          return (async () => send(typeof respondNow === "string" ? () => respondNow : respondNow))();
        },
      };
    });
  });
  return {
    ...run,
    requested: requested ?? [],
    done: done ?? [],
    noted: noted ?? [],
    controls,
    tally,
    minutes: run.passedMs / 60_000,
  };
}
