import { seedOf } from "../../lab/ringcentral/random.ts";
import type { JobName } from "../../shared/jobs.ts";
import type { ContainerFate, ContainerRequest } from "../support/container.ts";
import { isInSpan, type KillPlan, type StormPlan, type Trouble } from "./storm-plan.ts";

export interface FatesOptions {
  readonly plan: StormPlan;
  readonly stack: string;
  readonly job: JobName;
  readonly night: number;
  readonly onKill: () => void;
}

/** Decides what happens to the containers of one run, by their requests and not by chance. */
export function createFates({ plan, stack, job, night, onKill }: FatesOptions): (container: number) => ContainerFate {
  const kills = plan.troubles.flatMap((trouble) => (trouble.type === "kill" ? [trouble.kill] : []));
  const mine = kills.filter((kill) => kill.stack === stack && kill.job === job && kill.night === night);
  const pending = new Set(mine);
  const counts = new Map<KillPlan, number>();
  const numbers = new Map<ContainerRequest, Map<KillPlan, number>>();
  const slow = plan.troubles.filter((trouble): trouble is SlowTrouble => trouble.type === "slow");

  const fits = (kill: KillPlan, { operation, target }: ContainerRequest) =>
    kill.operation === operation && target.includes(kill.target);
  const numberOf = (kill: KillPlan, request: ContainerRequest) => {
    const known = numbers.get(request) ?? new Map<KillPlan, number>();
    numbers.set(request, known);
    const number = known.get(kill) ?? (counts.get(kill) ?? 0) + 1;
    counts.set(kill, Math.max(counts.get(kill) ?? 0, number));
    known.set(kill, number);
    return number;
  };

  return () => {
    let struck: KillPlan | undefined;
    return {
      latencyMs: (request) => latencyOf(plan, slow, request),
      dies: (request, when) => {
        for (const kill of pending) {
          if (!fits(kill, request) || numberOf(kill, request) !== kill.nth || kill.when !== when) continue;
          pending.delete(kill);
          struck = kill;
          onKill();
          return true;
        }
        return false;
      },
      lateMs: () => struck?.lateMs,
    };
  };
}

type SlowTrouble = Extract<Trouble, { readonly type: "slow" }>;

/** The same request always takes the same time, in ms. */
function latencyOf({ seed, latencyMs }: StormPlan, slow: readonly SlowTrouble[], request: ContainerRequest) {
  const { to, operation, target } = request;
  const isWrite = to === "ringcentral" || operation === "PutObject";
  const most = to === "ringcentral" ? latencyMs.api : latencyMs.s3;
  const share = (name: string) => Math.floor(((seedOf(seed, name, operation, target) % 1_000) / 1_000) * most);
  const extra = slow.find(
    (each) => each.operation === operation && target.includes(each.target) && isInSpan(each, Date.now(), Date.now()),
  );
  if (!isWrite) return { outboundMs: 0, inboundMs: 0 };
  return { outboundMs: share("there") + (extra?.ms ?? 0), inboundMs: share("back") };
}
