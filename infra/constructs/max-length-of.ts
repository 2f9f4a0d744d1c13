import type { Stack } from "aws-cdk-lib";

/**
 * The most characters of a text. Names that CloudFormation chooses are the stack's, the resource's, and twelve characters,
 * all joined by hyphens.
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

const longestRegion = "ap-southeast-2".length;
const longestBeforeName = "https://sqs.ap-southeast-2.amazonaws.com/123456789012/".length;

function maxNameLength(stack: Stack, reference: unknown): number {
  const { Ref: id } = reference as { readonly Ref: string };
  if (id === "AWS::Region") return longestRegion;
  return longestBeforeName + stack.stackName.length + id.length + 14;
}
