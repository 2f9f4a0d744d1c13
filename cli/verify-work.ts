import { everyObject, partsOfObjects, type Selection } from "../shared/audit/selection.ts";
import type { Depth } from "../shared/core/depth.ts";
import { parseSubset } from "../shared/core/subset.ts";
import type { Target } from "./open-target.ts";
import type { PublicKey } from "./read-public-key.ts";
import type { VerifyOptions } from "./verify-command.ts";

/** What is verified, and how. */
export interface VerifyWork {
  readonly options: VerifyOptions;
  readonly account: string;
  readonly publicKey: PublicKey | undefined;
  readonly target: Target;
}

/** The depth that the options say. */
export function depthOf({ quick, deep }: VerifyOptions): Depth {
  return quick ? "listing" : deep ? "bytes" : "checksums";
}

/** The objects that the options say. */
export function selectionOf(options: VerifyOptions): Selection {
  const { subset: text, day } = options;
  const subset = text === undefined ? undefined : parseSubset(text);
  const selection = subset ? partsOfObjects(depthOf(options), [subset]) : everyObject(depthOf(options));
  return { ...selection, days: day && new Set(day) };
}
