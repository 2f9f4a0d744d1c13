import type { ExecutionStatus } from "./execution.ts";
import type { OutcomeKind } from "./sandbox.ts";

/** An event of the service, reported synchronously, so that a kill in its handler precedes all that follows. */
export type LambdaEvent =
  | ({ readonly type: "invocation-started"; readonly coldStart: boolean } & Invoked)
  | ({ readonly type: "invocation-ended"; readonly outcome: OutcomeKind; readonly billedMs: number } & Invoked)
  | ({ readonly type: "crashed"; readonly error: string } & Invoked)
  | { readonly type: "execution-started"; readonly function: string; readonly execution: string }
  | ({ readonly type: "checkpointed" } & Checkpointed)
  /** A wait, or the pause before a step's next attempt, is over. */
  | { readonly type: "due"; readonly function: string; readonly execution: string; readonly operationId: string }
  | {
      readonly type: "execution-finished";
      readonly function: string;
      readonly execution: string;
      readonly status: ExecutionStatus;
    }
  | { readonly type: "event-discarded"; readonly function: string }
  | { readonly type: "log"; readonly function: string; readonly text: string };

interface Invoked {
  readonly function: string;
  readonly requestId: string;
  /** Name of the durable execution; ordinary functions have none. */
  readonly execution?: string;
}

interface Checkpointed {
  readonly function: string;
  readonly execution: string;
  readonly operation: { readonly type: string; readonly action: string; readonly name?: string };
}
