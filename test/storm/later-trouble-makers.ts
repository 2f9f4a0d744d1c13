import type { PlannedCall } from "../../lab/ringcentral/planned-calls.ts";
import { between, pick, type Random } from "../../lab/ringcentral/random.ts";
import { addDays } from "../../shared/core/time/days.ts";
import { callsOn } from "./storm-company.ts";
import { nightStartMs, stormDayMs, stormFirstDay, type Trouble, type TroubledItems } from "./storm-plan.ts";
import type { MadeTroubles, Make, StormFrame } from "./trouble-makers.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Kinds of trouble that were added later. They draw their own random numbers, so that earlier seeds give the same storms. */
export const laterTroubleMakers = {
  "refused object": refusedObject,
  "refused prefix": refusedPrefix,
  "changing records": changingRecords,
  "short retention": shortRetention,
  "clock jumps": clockJumps,
} as const satisfies Record<string, Make>;

const accessDenied = { status: 403, code: "AccessDenied" } as const;

/** Makes S3 deny one object, as a bucket policy or a lost key does, until an operator fixes it. */
function refusedObject(random: Random, frame: StormFrame): MadeTroubles {
  const recordings = frame.calls.flatMap(({ recording, startTime }) => (recording ? [{ recording, startTime }] : []));
  const { recording, startTime } = pick(random, recordings as [(typeof recordings)[0]]);
  const day = startTime.slice(0, 10);
  const [key, items] = pick<readonly [string, TroubledItems]>(random, [
    [`^recordings/.*/${recording.id}\\.`, { recordings: [recording.id] }],
    [`^manifests/.*=${day}\\.json`, { days: [day] }],
    [`^calls/.*=${day}/`, { days: [day] }],
  ]);
  const operation = pick(random, ["PutObject", "PutObject", "GetObject"]);
  const fault = { operation, key, what: accessDenied, times: "always", after: 0 } as const;
  const span = { fromMs: 0, untilMs: frame.calmFromMs };
  return { troubles: [{ kind: "refused object", harm: "item", items, ...span, type: "aws", fault }] };
}

/** Removes a permission for a night or two. */
function refusedPrefix(random: Random, frame: StormFrame): MadeTroubles {
  const night = between(random, 0, frame.disturbedNights - 1);
  const fromMs = nightStartMs(frame, night) + pick(random, [-5, 0, 1, 3]) * minuteMs;
  const untilMs = Math.min(fromMs + pick(random, [1, 10, 600, 2_000]) * minuteMs, frame.calmFromMs);
  const key = pick(random, ["^recordings/", "^calls/", "^manifests/", "^ledger/", "^events/", "^analytics/", "."]);
  const operation = pick(random, ["PutObject", "GetObject", "ListObjectsV2"]);
  const fault = { operation, key, what: accessDenied, times: "always", after: 0 } as const;
  return { troubles: [{ kind: "refused prefix", harm: "severe", fromMs, untilMs, type: "aws", fault }] };
}

/** Adds records that change, are deleted or vanish, two calls with one recording, and transferred calls, with one each. */
function changingRecords(random: Random): MadeTroubles {
  const day = addDays(stormFirstDay, between(random, 0, 3));
  const calls = callsOn(random, day, { count: between(random, 3, 8), recordedShare: 0.7, late: true, name: "v" });
  let vanishing = 0;
  return {
    troubles: [],
    calls: calls.map((call, n): PlannedCall => {
      const at = new Date(Date.parse(call.startTime) + between(random, 3, 60) * hourMs).toISOString();
      const before = calls[n - 1]?.recording;
      switch (pick(random, ["same", "changes", "deleted", "vanishes", "shared", "handed on"] as const)) {
        case "changes":
          return { ...call, changesAt: at };
        case "deleted":
          return { ...call, deletedAt: at };
        case "vanishes":
          // More of a day's records at once are not believed to be gone.
          return ++vanishing > 2 ? call : { ...call, vanishesAt: at };
        case "shared":
          return before ? { ...call, recording: before } : call;
        case "handed on":
          return { ...call, transfers: [{ id: `${call.id.replace(/\D/g, "")}5`, bytes: between(random, 200, 3_000) }] };
        default:
          return call;
      }
    }),
  };
}

/** Makes the account keep its recordings for days only. */
function shortRetention(random: Random): MadeTroubles {
  return { troubles: [], account: { retentionDays: between(random, 5, 20) } };
}

/** Makes a container's clock wrong by another amount every night. */
function clockJumps(random: Random, frame: StormFrame): MadeTroubles {
  return {
    troubles: Array.from({ length: frame.disturbedNights }, (_, night): Trouble => {
      const fromMs = nightStartMs(frame, night) - hourMs;
      const errorMs = pick(random, [-26 * hourMs, -2 * hourMs, -minuteMs, 0, 5 * minuteMs, 3 * hourMs, 26 * hourMs]);
      return { kind: "clock jump", harm: "mild", fromMs, untilMs: fromMs + stormDayMs, type: "clock", errorMs };
    }),
  };
}
