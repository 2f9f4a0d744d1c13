import { type CachedAccount, tryUpdateCachedAccount, updateCachedAccount } from "../storage/cached-account.ts";
import type { ApiServices } from "./api-services.ts";

type Services = Pick<ApiServices, "state" | "broker" | "log">;

/** Whether an account could be noted; where S3 would not have its note the run does without, and tries again in its end. */
export interface Noting {
  readonly isUnnoted?: true;
}

/** Notes whose credential it is, a help to the runs that follow: nothing stops where S3 will not have the note. */
export async function noteIfPossible(s: Services, account: string, more: Partial<CachedAccount> = {}): Promise<Noting> {
  let noting: Noting = {};
  await tryUpdateCachedAccount(s.state, { ...more, ...(await noteOf(s, account)) }, (error) => {
    noting = { isUnnoted: true };
    s.log.warn("account not noted", error.toJSON());
  });
  return noting;
}

/** The same at a run's end, so that nobody misses what S3 will not have. @throws JobError STORAGE_FAILED */
export async function noteAtLast(s: Services, account: string): Promise<null> {
  await updateCachedAccount(s.state, await noteOf(s, account));
  return null;
}

async function noteOf({ broker }: Services, account: string): Promise<CachedAccount> {
  return { id: account, credential: await broker.fingerprint() };
}
