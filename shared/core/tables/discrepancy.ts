import type { Row } from "./table-schema.ts";

/** How many calls of a day the call log and the analytics have, by direction. A call of several records counts once. */
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
  const sessions = new Map<string | undefined, Set<string>>();
  const numbers = new Map<string | undefined, number>();
  return {
    addCall: ({ type, deleted, vanished, moved, direction, session_id, id }) => {
      if (type !== "Voice" || deleted || vanished || moved) return;
      const ofDirection = sessions.get(direction) ?? new Set();
      sessions.set(direction, ofDirection.add(session_id ?? id));
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
        const counted = sessions.get(direction)?.size ?? 0;
        return { direction, call_log_calls: counted, analytics_calls: told, difference: counted - told };
      }),
  };
}

/** By how many calls of a day the two differ. */
export function totalDifference(rows: readonly Row<"discrepancy">[]): number {
  return rows.reduce((sum, { difference }) => sum + Math.abs(difference), 0);
}
