import { RemovalPolicy } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, type FunctionProps, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

export interface LambdaParts {
  /** Properties that every function has. */
  readonly common: Pick<FunctionProps, "runtime" | "architecture" | "handler" | "code" | "role" | "logGroup">;
  readonly role: Role;
  readonly logGroup: LogGroup;
}

/**
 * Creates a function's log and role. The role may write only that log: AWS's managed policy would allow every log of the AWS
 * account.
 */
export function lambdaParts(scope: Construct, bundle: string, retention: RetentionDays): LambdaParts {
  const logGroup = new LogGroup(scope, "Log", { retention, removalPolicy: RemovalPolicy.DESTROY });
  const role = new Role(scope, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  logGroup.grantWrite(role);
  const common = {
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: "index.handler",
    code: Code.fromAsset(bundle),
    role,
    logGroup,
  };
  return { common, role, logGroup };
}
