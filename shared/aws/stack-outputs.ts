import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { JobError } from "../errors.ts";
import { loginError } from "./login-error.ts";
import { userRequestHandler } from "./user-request-handler.ts";

/** Outputs of a stack by name. @throws REQUEST_INVALID when there is no such stack; STORAGE_FAILED */
export async function readStackOutputs(stack: string): Promise<Readonly<Record<string, string>>> {
  const client = new CloudFormationClient({ requestHandler: userRequestHandler({ environment: process.env }) });
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = Stacks[0]?.Outputs ?? [];
    return Object.fromEntries(outputs.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]));
  } catch (error) {
    throw stackError(stack, await client.config.region(), error);
  } finally {
    client.destroy();
  }
}

function stackError(stack: string, region: string, error: unknown): JobError {
  const hint = "Allow it cloudformation:DescribeStacks, or name the buckets with --bucket and --state.";
  const failed = loginError(`describe the stack ${stack}`, hint, `DescribeStacks ${stack}`, error);
  if (failed.details.name === "ValidationError")
    return new JobError("REQUEST_INVALID", `There is no stack ${stack} in ${region}`, {
      cause: error,
      hint: "Check --stack, the name of your settings file, and that AWS_REGION and the login are the stack's.",
    });
  return failed;
}
