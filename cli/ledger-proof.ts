import type { Anchor } from "../shared/audit/check-ledger.ts";
import {
  type AggregateName,
  aggregates,
  type OtherAggregateName,
  otherAggregates,
} from "../shared/core/day-aggregate.ts";
import { anyText, type Check, type Options, positiveInteger, type TextOption } from "./options.ts";

const anchor: Check = (value) =>
  parseAnchor(value) ? undefined : "expected <number>:<sha256>, as a check prints the head";

/** Options that show which ledger entries a run wrote. */
export const proofTexts = {
  "public-key": { value: "file", help: "checks the ledgers' signatures with this public key (PEM)", check: anyText },
  "signed-from": {
    value: "n",
    help: "first entry that must be signed, if signing began after entry 1",
    check: positiveInteger,
  },
  anchor: {
    value: "n:sha256",
    help: "entry n must still have this hash: the head that an earlier check printed",
    check: anchor,
  },
  ...proofTextsOfOthers(),
} as const satisfies Readonly<Record<string, TextOption>>;

export type ProofOptions = Options<keyof typeof proofTexts, never>;

type OtherProof = `${OtherAggregateName}-${"signed-from" | "anchor"}`;

/** The last two options once more, for the ledger of each other aggregate. */
function proofTextsOfOthers() {
  const texts = otherAggregates.flatMap((name) => {
    const ledger = `for the ledger of the ${aggregates[name].title}`;
    return [
      [`${name}-signed-from`, { value: "n", help: `as --signed-from, ${ledger}`, check: positiveInteger }],
      [`${name}-anchor`, { value: "n:sha256", help: `as --anchor, ${ledger}`, check: anchor }],
    ] as const;
  });
  return Object.fromEntries(texts) as Readonly<Record<OtherProof, TextOption>>;
}

const signedFromNames = ["signed-from", ...otherAggregates.map((name) => `${name}-signed-from` as const)] as const;

/** Returns the errors of proofs that do not fit together. */
export function proofErrors(options: ProofOptions): string[] {
  if (options["public-key"] !== undefined) return [];
  const given = signedFromNames.filter((name) => options[name] !== undefined);
  return given.map((name) => `--${name} needs --public-key`);
}

/** The newest entries that the newest report of `verify-archive` names. */
export type ReportedHeads = Readonly<Partial<Record<AggregateName, Anchor>>>;

/** The options of one aggregate's ledger: each has options with its own names. Without an anchor it is the reported head. */
export function proofOf(options: ProofOptions, heads: ReportedHeads, aggregate: AggregateName) {
  const isOfCalls = aggregate === "calls";
  const signedFrom = isOfCalls ? options["signed-from"] : options[`${aggregate}-signed-from` as const];
  const anchor = isOfCalls ? options.anchor : options[`${aggregate}-anchor` as const];
  return { anchor: parseAnchor(anchor) ?? heads[aggregate], signedFrom: Number(signedFrom ?? "1") };
}

/** Parses `<number>:<sha256>`. */
export function parseAnchor(text = ""): Anchor | undefined {
  const [, number, sha256 = ""] = /^(\d+):([A-Za-z0-9+/]{43}=)$/.exec(text) ?? [];
  return number === undefined ? undefined : { number: Number(number), sha256 };
}
