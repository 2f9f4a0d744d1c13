import { type AccountNote, noteAccount, noteHints } from "../storage/account-note.ts";
import type { ApiServices } from "./api-services.ts";

type Services = Pick<ApiServices, "state" | "broker" | "log">;

/** Notes whose credential it is, a help to the runs that follow. False where S3 will not have the note: nothing stops for that. */
export async function noteIfPossible(s: Services, account: string, more: Partial<AccountNote> = {}): Promise<boolean> {
  let isNoted = true;
  await noteHints(s.state, { ...more, ...(await noteOf(s, account)) }, (error) => {
    isNoted = false;
    s.log.warn("account not noted", error.toJSON());
  });
  return isNoted;
}

/** The same at a run's end, so that nobody misses what S3 will not have. @throws JobError STORAGE_FAILED */
export async function noteAtLast(s: Services, account: string): Promise<null> {
  await noteAccount(s.state, await noteOf(s, account));
  return null;
}

async function noteOf({ broker }: Services, account: string): Promise<AccountNote> {
  return { id: account, credential: await broker.fingerprint() };
}
