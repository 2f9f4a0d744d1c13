import type { Part } from "./breakdowns.ts";

export type Segments = Readonly<Partial<Record<Part<"segments">, number>>>;

export interface SegmentedCall {
  readonly seconds: number;
  readonly inbound: boolean;
  readonly answered: boolean;
  readonly result: Part<"result">;
  readonly actions: readonly Part<"actions">[];
  readonly throughIvr: boolean;
}

/** Whole seconds of each segment of a call. They add up to its duration. */
export function segmentsOf(call: SegmentedCall): Segments {
  const { seconds, answered, result } = call;
  const main = answered ? "liveTalk" : result === "voicemail" ? "voicemail" : "ringing";
  const minor = minorShares(call).filter(([segment]) => segment !== main);
  const spent = minor.map(([segment, share]) => [segment, Math.floor(seconds * share)] as const);
  const left = spent.reduce((rest, [, length]) => rest - length, seconds);
  return Object.fromEntries([...spent, [main, left]]);
}

function minorShares({ inbound, result, actions, throughIvr }: SegmentedCall) {
  const shares: readonly (readonly [Part<"segments">, number, boolean])[] = [
    ["setup", 0.03, !inbound],
    ["ringing", 0.1, true],
    ["ivrPrompt", 0.05, throughIvr],
    ["hold", 0.1, actions.includes("holdOn")],
    ["park", 0.05, actions.includes("parkOn")],
    ["transfer", 0.02, result === "transferred"],
    ["forwarding", 0.02, result === "forwarded"],
    ["vmGreeting", 0.2, result === "voicemail"],
  ];
  return shares.filter(([, , had]) => had);
}
