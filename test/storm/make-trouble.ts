import { setTimeout as sleep } from "node:timers/promises";
import { realLimits } from "../../lab/ringcentral/rate-limiter.ts";
import type { FastStack, FastWorld } from "../support/fast-world.ts";
import { damage, type OnDamage } from "./damage-object.ts";
import { sleepUntil } from "./sleep-until.ts";
import type { StormPlan, Trouble } from "./storm-plan.ts";

/** Starts and ends a storm's troubles in their time, except those of containers. Resolves when the last has ended. */
export async function makeTrouble(
  world: FastWorld,
  stacks: ReadonlyMap<string, FastStack>,
  { troubles }: StormPlan,
  onDamage: OnDamage,
): Promise<void> {
  await Promise.all(troubles.map((trouble) => happen(world, stacks, trouble, onDamage)));
}

async function happen(
  world: FastWorld,
  stacks: ReadonlyMap<string, FastStack>,
  trouble: Trouble,
  onDamage: OnDamage,
): Promise<void> {
  const ringCentral = world.ringCentral();
  switch (trouble.type) {
    case "api":
      return ringCentral.plan(trouble.fault);
    case "aws": {
      const { operation, key, ...fault } = trouble.fault;
      const from = new Date(trouble.fromMs).toISOString();
      const until = trouble.untilMs === null ? {} : { until: new Date(trouble.untilMs).toISOString() };
      return world.aws.plan({ ...fault, from, ...until, on: { operation, key: new RegExp(key) } });
    }
    case "limits":
      await sleepUntil(trouble.fromMs);
      ringCentral.setLimits(trouble.limits);
      await sleepUntil(trouble.untilMs);
      return ringCentral.setLimits(realLimits);
    case "evict":
      await sleepUntil(trouble.fromMs);
      return ringCentral.evictSessions();
    case "neighbour":
      await sleepUntil(trouble.fromMs);
      while (Date.now() < (trouble.untilMs ?? 0)) {
        ringCentral.useUp(trouble.group, trouble.requests);
        await sleep(trouble.everyMs);
      }
      return;
    case "damage":
      return damage(world, stacks.get(trouble.stack), trouble, onDamage);
    case "kill":
    case "slow":
    case "clock":
      return;
  }
}
