import type { DayAggregate } from "../day-aggregate.ts";
import { CallDayEvent, CallManifest } from "./call-manifest.ts";
import { indexedTotals } from "./day-totals.ts";
import { emptyCallManifest, reduceCallManifest } from "./reduce-call-manifest.ts";
import type { SettleRules } from "./settling.ts";

export type CallAggregate = DayAggregate<CallManifest, CallDayEvent>;

/** Returns schemas and reducer of call days, by the settling rules of the settings. */
export function callAggregate(rules: SettleRules): CallAggregate {
  return {
    name: "calls",
    manifest: CallManifest,
    event: CallDayEvent,
    empty: emptyCallManifest,
    reduce: (manifest, events) => reduceCallManifest(manifest, events, rules),
    // A closed day is not opened by other rules, only by new events.
    rules: "",
    isClosed: ({ stored, manifest }) =>
      stored.status === "closed" && JSON.stringify(reduceCallManifest(stored, [], rules)) === JSON.stringify(manifest),
    counts: indexedTotals,
  };
}
