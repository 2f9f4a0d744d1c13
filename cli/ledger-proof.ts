import type { AggregateName } from "../shared/core/day-aggregate.ts";
import type { Options } from "./options.ts";
import { parseAnchor, verifyCommand } from "./verify-command.ts";

const { texts } = verifyCommand;

/** Options that show which ledger entries a run wrote: those of `verify`. */
export const proofTexts = {
  "public-key": texts["public-key"],
  "signed-from": texts["signed-from"],
  anchor: texts.anchor,
  "analytics-signed-from": texts["analytics-signed-from"],
  "analytics-anchor": texts["analytics-anchor"],
  "verifications-signed-from": texts["verifications-signed-from"],
  "verifications-anchor": texts["verifications-anchor"],
};

export type ProofOptions = Options<keyof typeof proofTexts, never>;

const signedFromNames = ["signed-from", "analytics-signed-from", "verifications-signed-from"] as const;

/** Returns the errors of proofs that do not fit together. */
export function proofErrors(options: ProofOptions): string[] {
  if (options["public-key"] !== undefined) return [];
  const given = signedFromNames.filter((name) => options[name] !== undefined);
  return given.map((name) => `--${name} needs --public-key`);
}

/** The options of one aggregate's ledger: each ledger has options with its own names. */
export function proofOf(options: ProofOptions, aggregate: AggregateName) {
  const isOfCalls = aggregate === "calls";
  const signedFrom = isOfCalls ? options["signed-from"] : options[`${aggregate}-signed-from` as const];
  const anchor = isOfCalls ? options.anchor : options[`${aggregate}-anchor` as const];
  return { anchor: parseAnchor(anchor), signedFrom: Number(signedFrom ?? "1") };
}
