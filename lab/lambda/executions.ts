import { Refusal } from "./aws-response.ts";
import type { Execution, ExecutionStart } from "./execution.ts";
import { startExecution } from "./execution-runner.ts";
import type { ServiceContext } from "./service-context.ts";

/** All durable executions of a service. */
export interface Executions {
  /** Starts an execution, or returns the one of the same name and input, even of another function. */
  readonly start: (start: ExecutionStart) => Execution;
  readonly byArn: (arn: string) => Execution | undefined;
  readonly all: () => readonly Execution[];
  /** Resolves as soon as there is an execution of this name. */
  readonly withName: (functionName: string, name: string) => Promise<Execution>;
}

/** Creates the register of executions. */
export function createExecutions(context: ServiceContext): Executions {
  const executions: Execution[] = [];
  const expected = new Map<string, PromiseWithResolvers<Execution>>();
  const expect = (functionName: string, name: string) => {
    const key = `${functionName}/${name}`;
    const known = expected.get(key) ?? Promise.withResolvers<Execution>();
    expected.set(key, known);
    return known;
  };
  return {
    start: (start) => {
      const functionName = start.fn.settings.name;
      // A name is unique within the AWS account and region, over all functions, and stays taken after the execution's end
      // (Lambda developer guide: durable functions, Idempotency).
      const existing = executions.find(({ name }) => name === start.name);
      if (existing && existing.input !== start.input) {
        throw new Refusal(409, "DurableExecutionAlreadyStartedException", `Already started: ${existing.arn}`);
      }
      if (existing) return existing;
      const execution = startExecution(start, context);
      executions.push(execution);
      expect(functionName, start.name).resolve(execution);
      return execution;
    },
    byArn: (arn) => executions.find((execution) => execution.arn === arn),
    all: () => executions,
    withName: (functionName, name) => expect(functionName, name).promise,
  };
}
