import type { Stack } from "aws-cdk-lib";

/**
 * The maximum number of characters of a text with references. Names that CloudFormation generates have the stack's name, the
 * logical id and twelve characters, joined by hyphens.
 */
export function maxLengthOf(stack: Stack, text: string): number {
  const resolved: unknown = stack.resolve(text);
  if (typeof resolved === "string") return resolved.length;
  const [, parts] = (resolved as { readonly "Fn::Join": readonly [string, readonly unknown[]] })["Fn::Join"];
  return parts.reduce<number>(
    (sum, part) => sum + (typeof part === "string" ? part.length : maxNameLength(stack, part)),
    0,
  );
}

const maxRegionLength = "ap-southeast-2".length;
const maxUrlPrefixLength = "https://sqs.ap-southeast-2.amazonaws.com/123456789012/".length;

function maxNameLength(stack: Stack, reference: unknown): number {
  const { Ref: id } = reference as { readonly Ref: string };
  if (id === "AWS::Region") return maxRegionLength;
  return maxUrlPrefixLength + stack.stackName.length + id.length + 14;
}
