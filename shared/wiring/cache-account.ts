import { type CachedAccount, tryUpdateCachedAccount, updateCachedAccount } from "../storage/cached-account.ts";
import type { ApiServices } from "./api-services.ts";

type Services = Pick<ApiServices, "state" | "broker" | "log">;

/** `isUncached`: S3 denied the cached account. The run continues and tries again at its end. */
export interface AccountCaching {
  readonly isUncached?: true;
}

/** Caches the account for later runs. A failure of S3 is logged and stops nothing. */
export async function cacheAccount(
  services: Services,
  account: string,
  fields: Partial<CachedAccount> = {},
): Promise<AccountCaching> {
  let caching: AccountCaching = {};
  await tryUpdateCachedAccount(
    services.state,
    { ...fields, ...(await cachedAccountOf(services, account)) },
    (error) => {
      caching = { isUncached: true };
      services.log.warn("account caching failed", error.toJSON());
    },
  );
  return caching;
}

/** Caches the account at the run's end, and fails the run if that fails. @throws STORAGE_FAILED */
export async function cacheAccountAtEnd(services: Services, account: string): Promise<null> {
  await updateCachedAccount(services.state, await cachedAccountOf(services, account));
  return null;
}

async function cachedAccountOf({ broker }: Services, account: string): Promise<CachedAccount> {
  return { id: account, credential: await broker.fingerprint() };
}
