import { JobError } from "../shared/errors.ts";
import { createS3Client, requireLogin } from "./login.ts";

/** A stack and its outputs by name. */
export interface StackOutputs {
  /** As the user named it. */
  readonly given: string;
  readonly stack: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Reads the outputs of a stack, which is given by the name of its settings file or by its whole name.
 * @throws CONFIG_INVALID when region or credentials are missing; REQUEST_INVALID when there is no such stack
 */
export async function openStack(given: string): Promise<StackOutputs> {
  await requireLogin(createS3Client());
  const { findStack } = await import("../shared/aws/stack-outputs.ts");
  // The name of a settings file may itself begin so.
  const stacks = given.startsWith("nightshift-") ? [given, `nightshift-${given}`] : [`nightshift-${given}`];
  return { given, ...(await findStack(stacks)) };
}

/** @throws REQUEST_INVALID when the stack does not have the output */
export function requiredOutput({ stack, outputs }: StackOutputs, name: string): string {
  const value = outputs[name];
  if (value) return value;
  throw new JobError("REQUEST_INVALID", `The stack ${stack} has no output ${name}`, {
    hint: "Check --stack. If its first deployment has not ended, wait for it; if it is of an earlier version, deploy it again.",
  });
}
