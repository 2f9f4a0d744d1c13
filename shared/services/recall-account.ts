import { type AccountNote, readAccountNote } from "../storage/account-note.ts";
import type { ApiServices } from "./api-services.ts";

/**
 * The account that an earlier run was told of, for a run to which RingCentral does not say: what S3 holds is looked after
 * all the same. Undefined where the credential may belong to another account.
 */
export async function recallAccountNote(s: Pick<ApiServices, "state" | "broker">): Promise<AccountNote | undefined> {
  const note = await readAccountNote(s.state);
  // Without a credential nothing will be asked of RingCentral, and nothing can be mixed up.
  const credential = await s.broker.fingerprint().catch(() => undefined);
  return credential === undefined || credential === note?.credential ? note : undefined;
}
