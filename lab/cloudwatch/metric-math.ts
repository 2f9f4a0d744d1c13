/** A value for each period of a range, the newest last; undefined without data. */
export type Series = readonly (number | undefined)[];
type Value = number | Series | readonly Series[];

export interface MathInput {
  readonly series: Readonly<Record<string, Series>>;
  /** Metrics that were never published. */
  readonly neverPublished: ReadonlySet<string>;
  /** True if FILL makes data for them, too; the documentation does not say. */
  readonly fillsNeverPublished: boolean;
}

/**
 * The part of metric math that the stack uses. Between two series an operator makes no data where one of them has none; MIN,
 * MAX and SUM of an array leave out what has none.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function evaluateMath(expression: string, input: MathInput): Series {
  const tokens = tokensOf(expression);
  const value = createParser(tokens, input)();
  if (tokens.length > 0) throw new Error(`The lab does not understand ${expression} from ${tokens[0]}`);
  if (typeof value === "number" || isArray(value)) throw new Error(`An alarm needs a time series: ${expression}`);
  return value;
}

type Operator = (a: number, b: number) => number;
const operators: readonly Readonly<Record<string, Operator>>[] = [
  {
    "<": (a, b) => Number(a < b),
    "<=": (a, b) => Number(a <= b),
    ">": (a, b) => Number(a > b),
    ">=": (a, b) => Number(a >= b),
    "==": (a, b) => Number(a === b),
  },
  { "+": (a, b) => a + b, "-": (a, b) => a - b },
  { "*": (a, b) => a * b, "/": (a, b) => a / b },
];

function tokensOf(expression: string): string[] {
  return expression.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|<=|>=|==|[-+*/<>(),[\]]/g) ?? [];
}

function createParser(tokens: string[], input: MathInput): () => Value {
  const take = (expected?: string): string => {
    const token = tokens.shift();
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`expected ${expected ?? "more"}, found ${token}`);
    }
    return token;
  };
  const list = (end: string): Value[] => {
    const values: Value[] = [];
    while (tokens[0] !== end) {
      values.push(binary(0));
      if (tokens[0] === ",") take();
    }
    take(end);
    return values;
  };
  const binary = (level: number): Value => {
    const known = operators[level];
    if (!known) return primary();
    let left = binary(level + 1);
    for (let operate = known[tokens[0] ?? ""]; operate; operate = known[tokens[0] ?? ""]) {
      take();
      left = combine(operate, left, binary(level + 1));
    }
    return left;
  };
  const primary = (): Value => {
    const token = take();
    if (token === "[") return list("]").map(asSeries);
    if (token === "(") {
      const value = binary(0);
      take(")");
      return value;
    }
    if (/^\d/.test(token)) return Number(token);
    if (tokens[0] !== "(") return input.series[token] ?? fail(`${token} is no metric`);
    take("(");
    const id = tokens[0] ?? "";
    return call(token, list(")"), !input.fillsNeverPublished && input.neverPublished.has(id));
  };
  return () => binary(0);
}

function call(name: string, args: readonly Value[], isEmpty: boolean): Value {
  const [first = 0, second = 0, third = 0] = args;
  switch (name) {
    case "FILL":
      return asSeries(first).map((value) => value ?? (isEmpty ? undefined : Number(second)));
    case "IF":
      return asSeries(first).map((condition, n) =>
        condition === undefined ? undefined : at(condition ? second : third, n),
      );
    case "MIN":
      return overArray(first, (values) => Math.min(...values));
    case "MAX":
      return overArray(first, (values) => Math.max(...values));
    case "SUM":
      return overArray(first, (values) => values.reduce((sum, value) => sum + value, 0));
    default:
      return fail(`The lab does not know ${name}`);
  }
}

function overArray(array: Value, reduce: (values: number[]) => number): Series {
  if (typeof array === "number" || !isArray(array)) return fail("of one series it would be a scalar");
  return (array[0] ?? []).map((_, n) => {
    const values = array.flatMap((series) => series[n] ?? []);
    return values.length === 0 ? undefined : reduce(values);
  });
}

function combine(operate: Operator, a: Value, b: Value): Value {
  if (typeof a === "number" && typeof b === "number") return operate(a, b);
  const length = Math.max(...[a, b].map((value) => (typeof value === "number" ? 0 : value.length)));
  return Array.from({ length }, (_, n) => {
    const [left, right] = [at(a, n), at(b, n)];
    return left === undefined || right === undefined ? undefined : operate(left, right);
  });
}

function at(value: Value, n: number): number | undefined {
  return typeof value === "number" ? value : asSeries(value)[n];
}

function asSeries(value: Value): Series {
  if (typeof value === "number" || isArray(value)) return fail("expected a series");
  return value;
}

function isArray(value: Series | readonly Series[]): value is readonly Series[] {
  return Array.isArray(value[0]);
}

function fail(message: string): never {
  throw new Error(message);
}
