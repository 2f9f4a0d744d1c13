import type { Row } from "./table-schema.ts";

/** Compares a day's number of calls in the call log and in the analytics, by direction. A session counts once. */
export interface Discrepancy {
  readonly addCall: (call: Row<"calls">) => void;
  readonly addValue: (value: Row<"analytics">) => void;
  /** No row for a direction that the analytics lack. */
  readonly rows: () => Row<"discrepancy">[];
}

/** Direction in the call log, and in the analytics. */
const directions = [
  ["Inbound", "inbound"],
  ["Outbound", "outbound"],
] as const;

/** Compares a day's voice calls in the call log with analytics' number, by direction. */
export function createDiscrepancy(): Discrepancy {
  const sessionsByDirection = new Map<string | undefined, Set<string>>();
  const valuesByDirection = new Map<string | undefined, number>();
  return {
    addCall: ({ type, deleted, vanished, moved, direction, session_id, id }) => {
      if (type !== "Voice" || deleted || vanished || moved) return;
      const sessions = sessionsByDirection.get(direction) ?? new Set();
      sessionsByDirection.set(direction, sessions.add(session_id ?? id));
    },
    addValue: ({ grouped_by, metric, unit, hour_start, breakdown, value }) => {
      const isCount = grouped_by === "Company" && metric === "callsByDirection" && unit === "Instances";
      if (!isCount || hour_start !== undefined || value === undefined) return;
      valuesByDirection.set(breakdown, (valuesByDirection.get(breakdown) ?? 0) + value);
    },
    rows: () =>
      directions.flatMap(([direction, breakdown]) => {
        const analyticsCalls = valuesByDirection.get(breakdown);
        if (analyticsCalls === undefined) return [];
        const callLogCalls = sessionsByDirection.get(direction)?.size ?? 0;
        return {
          direction,
          call_log_calls: callLogCalls,
          analytics_calls: analyticsCalls,
          difference: callLogCalls - analyticsCalls,
        };
      }),
  };
}

/** Sums the absolute differences of all directions, in calls. */
export function totalDifference(rows: readonly Row<"discrepancy">[]): number {
  return rows.reduce((sum, { difference }) => sum + Math.abs(difference), 0);
}
