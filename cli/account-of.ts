import { cachedAccount, chooseAccount } from "../shared/audit/choose-account.ts";
import type { Target } from "./open-target.ts";
import type { TargetOptions } from "./target.ts";

/**
 * Returns the account of a target: the given one, the one that the stack's runs have identified, or the bucket's only one. The
 * bucket of a stack may hold what somebody has added.
 * @throws REQUEST_INVALID when the bucket has none or several; STORAGE_FAILED
 */
export async function accountOf({ archive, state }: Target, { account, stack }: TargetOptions): Promise<string> {
  const identified = stack === undefined || !state ? undefined : await cachedAccount(state.bucket);
  return chooseAccount(archive.bucket, account ?? identified);
}
