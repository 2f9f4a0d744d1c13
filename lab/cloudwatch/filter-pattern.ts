/** Whether a log line matches. */
export type LineFilter = (line: unknown) => boolean;

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  "=": (value, limit) => value === limit,
  "!=": (value, limit) => value !== limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
};

/**
 * A JSON filter pattern: comparisons of one property each, joined by `&&` or by `||`. A property that the line lacks matches
 * nothing; a number is compared with a number only.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function parseFilterPattern(pattern: string): LineFilter {
  const whole = /^\{(.*)\}$/s.exec(pattern)?.[1]?.trim();
  if (whole === undefined) throw new Error(`The lab knows JSON patterns only, not ${pattern}`);
  for (const [operator, joins] of [
    ["||", "some"],
    ["&&", "every"],
  ] as const) {
    const parts = whole.split(operator);
    if (parts.length === 1) continue;
    const filters = parts.map((part) => parseComparison(part.trim().replace(/^\((.*)\)$/s, "$1")));
    return (line) => filters[joins]((filter) => filter(line));
  }
  return parseComparison(whole);
}

/** The value of `$.a.b`, or of `$.a[0]`, in a line of JSON. */
export function propertyOf(line: unknown, selector: string): unknown {
  const names = selector
    .replaceAll(/\[(\d+)\]/g, ".$1")
    .split(".")
    .slice(1);
  return names.reduce<unknown>((value, name) => (value as Readonly<Record<string, unknown>> | undefined)?.[name], line);
}

function parseComparison(text: string): LineFilter {
  const [, selector = "", operator = "", operand = ""] =
    /^(\$[\w.[\]]+)\s*(!=|>=|<=|=|>|<)\s*(.+)$/.exec(text.trim()) ?? [];
  const compare = comparisons[operator];
  if (!compare) throw new Error(`The lab does not know the pattern ${text}`);
  const quoted = /^"(.*)"$/.exec(operand)?.[1];
  if (quoted !== undefined) return (line) => propertyOf(line, selector) === quoted;
  const limit = Number(operand);
  if (Number.isNaN(limit)) throw new Error(`The lab does not know the pattern ${text}`);
  return (line) => {
    const value = propertyOf(line, selector);
    return typeof value === "number" && compare(value, limit);
  };
}
