import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { JobError } from "../errors.ts";
import { loginError } from "./login-error.ts";
import { userRequestHandler } from "./user-request-handler.ts";

/** A stack's name and its outputs by name. */
export interface FoundStack {
  readonly stack: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Finds the first of the stacks that exists. @throws REQUEST_INVALID when none does; STORAGE_FAILED */
export async function findStack(stacks: readonly string[]): Promise<FoundStack> {
  const client = new CloudFormationClient({ requestHandler: userRequestHandler({ environment: process.env }) });
  try {
    for (const stack of stacks) {
      const outputs = await readOutputs(client, stack);
      if (outputs) return { stack, outputs };
    }
    throw noStack(stacks, await client.config.region());
  } finally {
    client.destroy();
  }
}

async function readOutputs(client: CloudFormationClient, stack: string): Promise<FoundStack["outputs"] | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = Stacks[0]?.Outputs ?? [];
    return Object.fromEntries(outputs.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]));
  } catch (error) {
    const hint = "Allow it cloudformation:DescribeStacks, or name the buckets with --bucket and --state.";
    const failed = loginError(`describe the stack ${stack}`, hint, `DescribeStacks ${stack}`, error);
    if (failed.details.name === "ValidationError") return undefined;
    throw failed;
  }
}

function noStack(stacks: readonly string[], region: string): JobError {
  return new JobError("REQUEST_INVALID", `There is no stack ${stacks.join(" or ")} in ${region}`, {
    hint: "Check --stack, the name of your settings file, and that AWS_REGION and the login are the stack's.",
  });
}
