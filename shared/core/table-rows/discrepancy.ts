import type { Row } from "../tables.ts";

/** How many calls of a day the call log and the analytics have, by direction. */
export interface Discrepancy {
  readonly addCall: (call: Row<"calls">) => void;
  readonly addNumber: (number: Row<"analytics">) => void;
  /** None for a direction of which the analytics tell nothing: there is nothing to compare. */
  readonly rows: () => Row<"discrepancy">[];
}

/** The call log's words, and the analytics' for the same. */
const directions = [
  ["Inbound", "inbound"],
  ["Outbound", "outbound"],
] as const;

export function createDiscrepancy(): Discrepancy {
  const calls = new Map<string | undefined, number>();
  const numbers = new Map<string | undefined, number>();
  return {
    addCall: ({ type, deleted, vanished, moved, direction }) => {
      if (type === "Voice" && !deleted && !vanished && !moved) calls.set(direction, (calls.get(direction) ?? 0) + 1);
    },
    addNumber: ({ grouped_by, metric, unit, hour_start, breakdown, value }) => {
      const isCount = grouped_by === "Company" && metric === "callsByDirection" && unit === "Instances";
      if (!isCount || hour_start !== undefined || value === undefined) return;
      numbers.set(breakdown, (numbers.get(breakdown) ?? 0) + value);
    },
    rows: () =>
      directions.flatMap(([direction, breakdown]) => {
        const told = numbers.get(breakdown);
        if (told === undefined) return [];
        const counted = calls.get(direction) ?? 0;
        return { direction, call_log_calls: counted, analytics_calls: told, difference: counted - told };
      }),
  };
}

/** By how many calls of a day the two differ. */
export function callsApart(rows: readonly Row<"discrepancy">[]): number {
  return rows.reduce((sum, { difference }) => sum + Math.abs(difference), 0);
}
