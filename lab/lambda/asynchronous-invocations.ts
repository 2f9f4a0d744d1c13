import type { DeployedFunction } from "./deployed-function.ts";
import { limits } from "./limits.ts";
import type { ServiceContext } from "./service-context.ts";

/** An event that Lambda discarded, as an on-failure destination would receive it. */
export interface DiscardedEvent {
  readonly function: string;
  readonly payload: string;
  readonly attempts: number;
  /** The last function error, JSON as Lambda reports it. */
  readonly error: string;
}

/** Events accepted for ordinary functions. */
export interface AsynchronousInvocations {
  readonly accept: (fn: DeployedFunction, payload: string) => void;
  readonly discarded: readonly DiscardedEvent[];
}

/** Invokes a function for each accepted event, twice more if it fails. */
export function createAsynchronousInvocations(context: ServiceContext): AsynchronousInvocations {
  const discarded: DiscardedEvent[] = [];
  const attempt = async (fn: DeployedFunction, payload: string, attempts: number) => {
    const outcome = await fn.invoke(payload);
    if (outcome.kind === "answered") return;
    const delayMs = limits.asynchronousRetryDelaysMs[attempts - 1];
    if (delayMs === undefined) {
      discarded.push({ function: fn.settings.name, payload, attempts, error: outcome.payload });
      context.emit({ type: "event-discarded", function: fn.settings.name });
    } else {
      context.timers.at(context.clock.now() + delayMs, () => void attempt(fn, payload, attempts + 1));
    }
  };
  return { accept: (fn, payload) => void attempt(fn, payload, 1), discarded };
}
