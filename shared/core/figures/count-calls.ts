import type { Row } from "../tables/table-schema.ts";
import type { CallFigures } from "./day-figures.ts";
import { betterOutcome, type Outcome, outcomeOf, outcomes } from "./outcome.ts";

/** Columns of the table `calls` that are counted. */
export const callColumns = [
  ...(["id", "session_id", "local_time", "direction", "type", "result"] as const),
  ...(["deleted", "vanished", "moved"] as const),
] as const;
export type CountedCall = Pick<Row<"calls">, (typeof callColumns)[number]>;

/** Counts a day's voice calls, each session once in each direction. */
export interface CallCount {
  readonly add: (call: CountedCall) => void;
  readonly figures: () => CallFigures;
}

interface Session {
  readonly outcome: Outcome;
  /** Of its first record; undefined if that has no time. */
  readonly hour: number | undefined;
}

/** Creates an empty count. */
export function createCallCount(): CallCount {
  const sessions = { Inbound: new Map<string, Session>(), Outbound: new Map<string, Session>() };
  return {
    add: ({ id, session_id, local_time, direction, type, result, deleted, vanished, moved }) => {
      if (type !== "Voice" || deleted || vanished || moved) return;
      if (direction !== "Inbound" && direction !== "Outbound") return;
      const known = sessions[direction].get(session_id ?? id);
      const outcome = outcomeOf(result);
      sessions[direction].set(session_id ?? id, {
        outcome: known ? betterOutcome(known.outcome, outcome) : outcome,
        hour: known?.hour ?? (local_time === undefined ? undefined : new Date(local_time).getUTCHours()),
      });
    },
    figures: () => {
      const inbound = [...sessions.Inbound.values()];
      const outbound = [...sessions.Outbound.values()];
      const countOf = (outcome: Outcome) => inbound.filter((session) => session.outcome === outcome).length;
      return {
        inbound: inbound.length,
        outbound: outbound.length,
        connected: outbound.filter(({ outcome }) => outcome === "answered").length,
        outcomes: Object.fromEntries(outcomes.map((outcome) => [outcome, countOf(outcome)])) as CallFigures["outcomes"],
        hours: hoursOf(inbound, outbound),
      };
    },
  };
}

function hoursOf(inbound: readonly Session[], outbound: readonly Session[]): CallFigures["hours"] {
  const hours = Array.from({ length: 24 }, () => ({ inbound: 0, outbound: 0 }));
  for (const [direction, sessions] of [["inbound", inbound] as const, ["outbound", outbound] as const])
    for (const { hour } of sessions) {
      const figures = hour === undefined ? undefined : hours[hour];
      if (figures) figures[direction]++;
    }
  return hours;
}
