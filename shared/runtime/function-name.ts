/**
 * Returns the function name in an ARN or in `<name>:<alias>`. ARN:
 * `arn:aws:lambda:<region>:<account>:function:<name>:<alias>`.
 */
export function functionName(target: string): string | undefined {
  const parts = target.split(":");
  return parts[0] === "arn" ? parts[6] : parts[0];
}
