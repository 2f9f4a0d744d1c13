import * as z from "zod/mini";
import { Env } from "../../contract.ts";
import type { SettleRules } from "../../core/calls/settling.ts";
import { DateField } from "../../core/fields.ts";
import { ApiEnvironment, StorageEnvironment, wholeSeconds } from "../../wiring/environment.ts";

const ownVariables = {
  [Env.archiveFrom]: DateField,
  [Env.listingGap]: wholeSeconds(6 * 3600),
  [Env.settleAfter]: wholeSeconds(24 * 3600),
};

/** The environment for estimating a run of `archive-calls`. */
export const ArchiveEnvironment = z.extend(StorageEnvironment, ownVariables);
export type ArchiveEnvironment = z.infer<typeof ArchiveEnvironment>;

/** The environment of `archive-calls`. */
export const ArchiveJobEnvironment = z.extend(ApiEnvironment, ownVariables);

export function settlingRulesOf(config: ArchiveEnvironment): SettleRules {
  return { listingGapMs: config[Env.listingGap] * 1000, settleAfterMs: config[Env.settleAfter] * 1000 };
}
