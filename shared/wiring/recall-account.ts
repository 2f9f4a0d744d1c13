import type { JobError } from "../errors.ts";
import { isLoginError } from "../runtime/evidence.ts";
import { type CachedAccount, readCachedAccount } from "../storage/cached-account.ts";
import { undefinedIfOfOneObject } from "../storage/each-day.ts";
import type { ApiServices } from "./api-services.ts";

/**
 * Returns the account that an earlier run cached, if RingCentral did not identify it because of `error`. Then the run can
 * still process stored data. Undefined if the credential may belong to another account.
 * @throws CREDENTIAL_… when the credential cannot be read, unless `error` already prevents every request
 */
export async function recallCachedAccount(
  { state, broker }: Pick<ApiServices, "state" | "broker">,
  error: JobError | undefined,
): Promise<CachedAccount | undefined> {
  // The login's error is more important than an error of this read.
  const cached = await readCachedAccount(state).catch(undefinedIfOfOneObject);
  const credential = await broker.fingerprint().catch((readError: unknown) => {
    // Without a login no request is sent, so that accounts cannot be mixed up.
    if (!error || !isLoginError(error)) throw readError;
    return undefined;
  });
  return credential === undefined || credential === cached?.credential ? cached : undefined;
}
