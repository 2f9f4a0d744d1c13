import type { StormPlan } from "./storm-plan.ts";

/** True if a smaller storm still fails in the same way. */
export type StillFails = (plan: StormPlan) => Promise<boolean>;

/** Removes from a failing storm everything without which it still fails: troubles, stacks, nights, calls. */
export async function shrinkStorm(plan: StormPlan, stillFails: StillFails): Promise<StormPlan> {
  let smallest = plan;
  const attempt = async (smaller: StormPlan) => {
    if (!(await stillFails(smaller))) return false;
    smallest = smaller;
    return true;
  };
  for (const trouble of plan.troubles) {
    await attempt({ ...smallest, troubles: smallest.troubles.filter((each) => each !== trouble) });
  }
  if (smallest.stacks.length > 1) await attempt({ ...smallest, stacks: smallest.stacks.slice(0, 1) });
  await attempt({ ...smallest, latencyMs: { api: 0, s3: 0 } });
  // From the end: a trouble names its nights by their place.
  while (smallest.nights.length > 1 && (await attempt({ ...smallest, nights: smallest.nights.slice(0, -1) })));
  for (let size = Math.ceil(smallest.calls.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < smallest.calls.length; ) {
      const calls = smallest.calls.filter((_call, index) => index < start || index >= start + size);
      if (!(await attempt({ ...smallest, calls }))) start += size;
    }
  }
  return smallest;
}
