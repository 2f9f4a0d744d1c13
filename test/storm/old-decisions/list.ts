/** A decision as it once was: text of a module under `shared/`, and its replacement. */
export interface Replaced {
  readonly module: string;
  readonly now: string;
  readonly once: string;
}

export interface OldDecision {
  readonly fault: string;
  readonly replaced: readonly Replaced[];
  /** Seed of the first storm that finds it. */
  readonly foundBy: number;
}

/** Decisions that stopped a night or lost data. Storms must find every one of them. */
export const oldDecisions: Readonly<Record<string, OldDecision>> = {
  "large-page": {
    fault: "a page that is too large is taken for a broken connection",
    replaced: [
      {
        module: "ringcentral/http/client.ts",
        now: "if (error instanceof BodyTooLargeError) throw tooLarge(request);",
        once: "if (error instanceof BodyTooLargeError) return undefined;",
      },
    ],
    foundBy: 44,
  },
  "one-day-5xx": {
    fault: "what is unavailable is never an item's own",
    replaced: [
      { module: "core/whose-fault.ts", now: "if (slices < minUnavailableSlices) return false;", once: "return false;" },
    ],
    foundBy: 3,
  },
  "uncounted-slices": {
    fault: "a slice that its rate window ended is not fruitless, whatever came",
    replaced: [
      {
        module: "runtime/backoff.ts",
        now: "if (obtained === undefined) return previous;",
        once: 'if (obtained === undefined || (stop.type === "pause" && stop.reason === "window")) return previous;',
      },
      {
        module: "ringcentral/http/client.ts",
        now: 'if (failure === "" || !(error instanceof Pause) || error.reason !== "window") return error;',
        once: 'if (failure !== "") return error;',
      },
      {
        module: "runtime/items-slice.ts",
        now: "from.beginsWithOne && standing.decided === 0 && standing.signs.api < slice ? 1 : items.concurrency",
        once: "items.concurrency",
      },
    ],
    foundBy: 11,
  },
  "login-for-each-401": {
    fault: "every 401 costs another login",
    replaced: [
      {
        module: "ringcentral/auth/token-broker.ts",
        now: "if (cache.isUntried(rejected)) return false;",
        once: "",
      },
      {
        module: "ringcentral/http/authorized-fetch.ts",
        now: "if (response?.status !== 401 || fresh || !(await renew(token))) return result;",
        once: 'if (response?.status !== 401) return result; if (fresh) throw new Pause(inMs(30_000), "token"); await broker.renew(token);',
      },
      { module: "ringcentral/auth/token-record.ts", now: "{ count: 6, withinMs: 60 * minuteMs },", once: "" },
    ],
    foundBy: 1,
  },
  "one-refusal-for-all": {
    fault: "one recording that RingCentral refuses with CMN-408 ends the run",
    replaced: [
      {
        module: "runtime/evidence.ts",
        now: "if (stopping.includes(error.code)) return",
        once: 'if (stopping.includes(error.code) || error.details.errorCode === "CMN-408") return',
      },
    ],
    foundBy: 8,
  },
  "nothing-untold": {
    fault: "a run that was due to fetch recordings and got none ends well",
    replaced: [
      {
        module: "core/whose-fault.ts",
        now: "return done === 0 && firstTime > 0 && attempted + left >= minDueForNothing;",
        once: "return false;",
      },
    ],
    foundBy: 33,
  },
  "lost-events": {
    fault: "what came while events were written is forgotten",
    replaced: [
      {
        module: "jobs/archive-calls/fetch-recordings.ts",
        now: "unsaved = unsaved.slice(batch.length);",
        once: "unsaved = [];",
      },
    ],
    foundBy: 8,
  },
};
