import { pick, type Random } from "../../lab/ringcentral/random.ts";
import { aggregateKeys, archiveKeys, derivedKeys } from "../../shared/core/object-keys.ts";
import { tableNames } from "../../shared/core/tables/table-schema.ts";
import { addDays, type Day } from "../../shared/core/time/days.ts";
import { type DamageEffect, nightStartMs, stormFirstDay, type Trouble, type TroubledItems } from "./storm-plan.ts";
import type { MadeTroubles, StormFrame } from "./trouble-makers.ts";
import { accountId } from "./verify-stack.ts";

const minuteMs = 60_000;

interface Tampering {
  readonly effect: Omit<DamageEffect, "type" | "stack">;
  /** The day whose archive it concerns; tables and what is only an index are written again. */
  readonly day?: Day;
}

/** Lets someone change, forge or remove one object between two nights. It draws its own random numbers, too. */
export function tampering(random: Random, frame: StormFrame): MadeTroubles {
  const day = addDays(stormFirstDay, pick(random, [0, 1, 2, 3]));
  const { effect, day: troubledDay } = pick(random, random() < 0.5 ? ofDerived(random, day) : ofArchive(day));
  const night = pick(random, Array.from({ length: frame.disturbedNights }, (_, n) => n) as [number, ...number[]]);
  const fromMs = nightStartMs(frame, night) + pick(random, [5, 200, 700]) * minuteMs;
  const items: TroubledItems = { days: troubledDay === undefined ? [] : [troubledDay] };
  const trouble: Trouble = {
    ...{ kind: "tampering", harm: troubledDay === undefined ? "mild" : "item", items },
    ...{ fromMs, untilMs: frame.calmFromMs, type: "damage", stack: "first", ...effect },
  };
  return { troubles: [trouble] };
}

function ofDerived(random: Random, day: Day): [Tampering, ...Tampering[]] {
  const [first, ...others] = tableNames as readonly [(typeof tableNames)[number], ...typeof tableNames];
  const bucket = "derived";
  const table = { bucket, key: derivedKeys.table(pick(random, [first, ...others]), day) } as const;
  return [
    { effect: table },
    { effect: { ...table, how: "removed" } },
    { effect: { bucket, key: derivedKeys.tablesBuildIndex } },
    { effect: { bucket, key: derivedKeys.tablesBuildIndex, how: "removed" } },
  ];
}

function ofArchive(day: Day): [Tampering, ...Tampering[]] {
  const calls = { bucket: "archive", key: archiveKeys.calls(accountId, day) } as const;
  const index = { bucket: "state", key: aggregateKeys.calls.dayIndex(accountId) } as const;
  return [
    { day, effect: { ...calls, how: "removed" } },
    { day, effect: { ...calls, key: archiveKeys.csv(accountId, day) } },
    { day, effect: { ...calls, key: aggregateKeys.calls.manifest(accountId, day), how: "forged" } },
    { day, effect: { ...index, how: "forged", day } },
    { effect: index },
    { effect: { ...index, how: "removed" } },
  ];
}
