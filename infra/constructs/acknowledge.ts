import { Stack, Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/** Accepts one cdk-nag finding on `construct`, with a reason. */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}

/** Accepts the wildcard `arn` in a policy of `construct`. `arn` must equal the policy's resource, including its `*`. */
export function acknowledgeWildcard(construct: IConstruct, arn: string, reason: string): void {
  acknowledge(construct, `AwsSolutions-IAM5[Resource::${nagText(Stack.of(construct).resolve(arn))}]`, reason);
}

/** Returns an ARN as cdk-nag writes it: references become `<LogicalId.Attribute>` or `<Parameter>`. */
function nagText(value: unknown): string {
  if (typeof value === "string") return value;
  const reference = value as Readonly<Record<"Fn::Join" | "Fn::GetAtt", [string, unknown[]]>> & {
    readonly Ref?: string;
  };
  if (reference.Ref) return `<${reference.Ref}>`;
  if (reference["Fn::GetAtt"]) return `<${reference["Fn::GetAtt"].join(".")}>`;
  const [delimiter, parts] = reference["Fn::Join"];
  return parts.map(nagText).join(delimiter);
}
