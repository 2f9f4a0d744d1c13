import type { Authenticate } from "./authenticate.ts";
import { AwsError } from "./aws-error.ts";
import { createQueryService, type QueryService } from "./query-service.ts";
import type { XmlFields } from "./xml.ts";

/** Outputs by the name of their stack. */
export type Stacks = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Creates CloudFormation. It describes one stack by its name. */
export function createCloudFormationService(
  stacks: Stacks,
  { authenticate, createdMs }: { readonly authenticate: Authenticate; readonly createdMs: number },
): QueryService {
  return createQueryService({
    signedAs: "cloudformation",
    namespace: "http://cloudformation.amazonaws.com/doc/2010-05-15/",
    authenticate,
    operations: {
      DescribeStacks: {
        subject: "StackName",
        perform: (form) => describeStack(stacks, form.get("StackName") ?? "", createdMs),
      },
    },
  });
}

/** API reference, DescribeStacks: "If the stack doesn't exist, a ValidationError is returned." */
function describeStack(stacks: Stacks, name: string, createdMs: number): XmlFields {
  const outputs = stacks[name];
  if (!outputs) throw new AwsError(400, "ValidationError", `Stack with id ${name} does not exist`);
  const member = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
  const stack = {
    StackName: name,
    StackStatus: "CREATE_COMPLETE",
    CreationTime: new Date(createdMs).toISOString(),
    Outputs: { member },
  };
  return { Stacks: { member: stack } };
}
