import { setTimeout as sleep } from "node:timers/promises";
import { realLimits } from "../../lab/ringcentral/rate-limiter.ts";
import { toBody } from "../../shared/aws/bucket.ts";
import type { FastStack, FastWorld } from "../support/fast-world.ts";
import type { StormPlan, Trouble } from "./storm-plan.ts";

/** Starts and ends a storm's troubles in their time, except those of containers. Resolves when the last has ended. */
export async function makeTrouble(
  world: FastWorld,
  stacks: ReadonlyMap<string, FastStack>,
  { troubles }: StormPlan,
): Promise<void> {
  await Promise.all(troubles.map((trouble) => happen(world, stacks, trouble)));
}

async function happen(world: FastWorld, stacks: ReadonlyMap<string, FastStack>, trouble: Trouble): Promise<void> {
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
      return damage(world, stacks.get(trouble.stack), trouble);
    case "kill":
    case "slow":
    case "clock":
      return;
  }
}

/** Replaces an object, if it exists, and later restores it. */
async function damage(
  { aws }: FastWorld,
  stack: FastStack | undefined,
  trouble: Extract<Trouble, { readonly type: "damage" }>,
): Promise<void> {
  const { bucket, key, fromMs, untilMs } = trouble;
  await sleepUntil(fromMs);
  const name = `${stack?.name}-${bucket}`;
  if (!stack || !aws.describe(name, key)) return;
  const original = await aws.read(name, key);
  const garbage = toBody("{}");
  await stack[bucket].put(key, garbage, "application/octet-stream");
  await sleepUntil(untilMs);
  const isUntouched = aws.describe(name, key)?.sha256 === garbage.sha256;
  if (isUntouched) await stack[bucket].put(key, toBody(original), "application/octet-stream");
}

export async function sleepUntil(atMs: number | null): Promise<void> {
  if (atMs === null) return;
  // A timer holds 24.8 days at most.
  for (let ms = atMs - Date.now(); ms > 0; ms = atMs - Date.now()) await sleep(Math.min(ms, 2 ** 31 - 1));
}
