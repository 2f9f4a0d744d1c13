import type { MetricSelection } from "./metric-selection.ts";
import { type Cell, emptyCell, type Tallies, type Tally } from "./tally-calls.ts";

/** A metric in the form of responses (OpenAPI: AllCalls, CallsByDirection …). */
export interface MetricValue {
  readonly valueType: "Instances" | "Seconds" | "Percent";
  readonly values: unknown;
}

export interface ValueOptions {
  /** One for each interval of the selection, or a single one. */
  readonly tallies: readonly (Tally | undefined)[];
  readonly total: Tallies["total"];
}

export function metricValue(selection: MetricSelection, options: ValueOptions): MetricValue {
  const { section, metric, type } = selection;
  const unit = section === "counters" ? "Instances" : "Seconds";
  const number = (part: string) => numberOf(selection, part, options);
  return {
    valueType: type === "Percent" ? "Percent" : unit,
    values: metric.parts ? Object.fromEntries(metric.parts.map((part) => [part, number(part)])) : number(""),
  };
}

function numberOf(selection: MetricSelection, part: string, options: ValueOptions): number {
  const { section, metric, type, interval } = selection;
  const cells = options.tallies.map((tally) => tally?.get(metric)?.get(part) ?? emptyCell);
  const [cell = emptyCell] = cells;
  const size = (each: Cell) => (section === "counters" ? each.count : each.seconds);
  if (type === "Sum") return size(cell);
  if (type === "Percent") return quotient(100 * size(cell), wholeOf(selection, options));
  if (interval === undefined) return overCalls(type, cell);
  const sizes = cells.map(size);
  if (type === "Average") return quotient(sum(sizes), sizes.length);
  return sizes.reduce((one, other) => (type === "Min" ? Math.min(one, other) : Math.max(one, other)));
}

function overCalls(type: "Average" | "Min" | "Max", cell: Cell): number {
  if (type === "Average") return quotient(cell.seconds, cell.calls);
  return type === "Min" ? cell.minSeconds : cell.maxSeconds;
}

/** Returns the value that is 100 percent. */
// Guess: of parts, all parts of the group together; of a single number, all calls of the account.
function wholeOf({ section, metric }: MetricSelection, { tallies, total }: ValueOptions): number {
  if (!metric.parts) return section === "counters" ? total.count : total.seconds;
  const cells = [...(tallies[0]?.get(metric)?.values() ?? [])];
  return sum(cells.map((cell) => (section === "counters" ? cell.count : cell.seconds)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((whole, each) => whole + each, 0);
}

/** Zero of zero is 0, because JSON has no NaN. */
function quotient(dividend: number, divisor: number): number {
  return divisor === 0 ? 0 : dividend / divisor;
}
