import { errorFacts } from "../errors.ts";
import { type AccountNote, noteAccount, undefinedIfOfStorage } from "../storage/account-note.ts";
import type { ArchiveServices } from "./services.ts";

/** Notes of the account what only helps the runs that follow: what S3 does not take is logged. */
export async function noteHint(
  { state, log }: Pick<ArchiveServices, "state" | "log">,
  note: AccountNote,
): Promise<void> {
  await noteAccount(state, note).catch((error: unknown) => {
    undefinedIfOfStorage(error);
    log.warn("account not noted", errorFacts(error));
  });
}
