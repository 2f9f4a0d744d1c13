import type { AccountPlan } from "../../lab/ringcentral/account-plan.ts";
import type { PlannedCall } from "../../lab/ringcentral/planned-calls.ts";

const minuteMs = 60_000;

/** Creates calls of a day, a minute apart from noon in New York, each with a recording `<day>-<n>`, from 1. */
export function recordedCalls(day: string, count: number, change: Partial<PlannedCall> = {}): PlannedCall[] {
  const noonMs = Date.parse(`${day}T17:00:00Z`);
  return Array.from({ length: count }, (_, index) => ({
    id: `call-${day}-${index + 1}`,
    startTime: new Date(noonMs + index * minuteMs).toISOString(),
    recording: { id: `${day}-${index + 1}`, bytes: 2_000 },
    ...change,
  }));
}

/** Returns an account with exactly these calls and few analytics. */
export function accountOf(...plannedCalls: readonly PlannedCall[]): AccountPlan {
  const days = plannedCalls.map(({ startTime }) => startTime.slice(0, 10)).sort();
  return {
    ...{ firstDay: days[0] ?? "2026-11-01", lastDay: days.at(-1) ?? "2026-11-01" },
    ...{ calls: { perDay: 0 }, plannedCalls },
    organisation: { users: 2, queues: 1, sites: 1, departments: 1, ivrs: 1 },
  };
}
