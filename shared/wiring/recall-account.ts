import type { JobError } from "../errors.ts";
import { isLoginError } from "../runtime/evidence.ts";
import { type CachedAccount, readCachedAccount } from "../storage/cached-account.ts";
import { undefinedIfOfOneObject } from "../storage/each-day.ts";
import type { ApiServices } from "./api-services.ts";

/**
 * The account that an earlier run was told of, for a run to which RingCentral does not say, because of `error`: what S3 holds
 * is looked after all the same. Undefined where the credential may belong to another account.
 * @throws JobError CREDENTIAL_… where it cannot be read and RingCentral will be asked all the same
 */
export async function recallAccountNote(
  s: Pick<ApiServices, "state" | "broker">,
  error: JobError | undefined,
): Promise<CachedAccount | undefined> {
  // Why the login failed says more than why the note cannot be had.
  const note = await readCachedAccount(s.state).catch(undefinedIfOfOneObject);
  const credential = await s.broker.fingerprint().catch((unread: unknown) => {
    // Without a login nothing will be asked of RingCentral, and nothing can be mixed up.
    if (!error || !isLoginError(error)) throw unread;
    return undefined;
  });
  return credential === undefined || credential === note?.credential ? note : undefined;
}
