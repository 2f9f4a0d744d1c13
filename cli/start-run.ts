import type { StackFunctions } from "../shared/aws/stack-functions.ts";
import { StackOutput } from "../shared/contract.ts";
import { type ErrorCode, JobError } from "../shared/errors.ts";
import type { Estimate } from "./estimate-lines.ts";
import { requiredOutput, type StackOutputs } from "./open-stack.ts";
import type { Shell } from "./shell.ts";

/** Response of `start-run` to a request that it accepted. */
export interface Accepted {
  readonly started: boolean;
  readonly job: string;
  readonly run?: string;
  /** ARN of the durable execution. */
  readonly execution?: string | null;
  readonly estimate: Estimate | null;
  readonly pausedSince?: string | null;
}

interface Refused {
  readonly started: false;
  readonly code: ErrorCode;
  readonly errors?: readonly string[];
  readonly message?: string;
  readonly hint?: string;
}

/** Sends `start-run` a request. @throws JobError when it was refused; every invalid field but the last is printed before */
export async function startRun(
  stack: StackOutputs,
  functions: Pick<StackFunctions, "startRun">,
  request: object,
  { writeError }: Pick<Shell, "writeError">,
): Promise<Accepted> {
  const name = requiredOutput(stack, StackOutput.startRun);
  const response = (await functions.startRun(name, request)) as Accepted | Refused;
  if (!("code" in response)) return response;
  const { code, errors = [], message, hint } = response;
  const texts = message === undefined ? errors.map(withOption) : [message];
  for (const text of texts.slice(0, -1)) writeError(`${code}: ${text}\n`);
  throw new JobError(code, texts.at(-1) ?? "The request was refused", { hint });
}

/** Options by the field of the request that they fill. */
const options: Readonly<Record<string, string>> = {
  days: "--day",
  groups: "--group",
  acceptShrunk: "--accept-shrunk",
  from: "--from",
  to: "--to",
  relist: "--relist",
  rebuild: "--rebuild",
};

/** Names the option in `field: error`, because the user has typed no field. */
function withOption(error: string): string {
  const [, field = "", rest = ""] = /^(\w+)((?:\.\d+)?: .*)$/.exec(error) ?? [];
  const option = options[field];
  return option === undefined ? error : `${option}${rest.replace(/^\.\d+/, "")}`;
}
