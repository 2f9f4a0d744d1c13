import { Stack, Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/** Accepts one finding of cdk-nag's on `construct`, for a reason. */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}

/** Accepts that a role of `construct` may use everything under `arn`, given as it is in the policy, its `*` included. */
export function acknowledgeWildcard(construct: IConstruct, arn: string, reason: string): void {
  acknowledge(construct, `AwsSolutions-IAM5[Resource::${flat(Stack.of(construct).resolve(arn))}]`, reason);
}

/** An ARN as cdk-nag writes it: references as `<LogicalId.Attribute>` or `<Parameter>`. */
function flat(value: unknown): string {
  if (typeof value === "string") return value;
  const reference = value as Readonly<Record<"Fn::Join" | "Fn::GetAtt", [string, unknown[]]>> & {
    readonly Ref?: string;
  };
  if (reference.Ref) return `<${reference.Ref}>`;
  if (reference["Fn::GetAtt"]) return `<${reference["Fn::GetAtt"].join(".")}>`;
  const [delimiter, parts] = reference["Fn::Join"];
  return parts.map(flat).join(delimiter);
}
