import { Pause } from "../../core/async/pause.ts";
import { defaultRetention, type Retention } from "../../core/calls/horizon.ts";
import { JobError, serializeError } from "../../errors.ts";
import { fetchAccount, fetchRecordingRetention } from "../../ringcentral/endpoints/account.ts";
import { type CachedAccount, findCachedAccount } from "../../storage/cached-account.ts";
import { type AccountCaching, cacheAccount } from "../../wiring/cache-account.ts";
import { recallCachedAccount } from "../../wiring/recall-account.ts";
import type { ArchiveServices } from "./services.ts";

/** The account, and how long RingCentral keeps its recordings. */
export interface AccountFacts extends AccountCaching {
  readonly account: string;
  readonly retention: Retention;
}

/** Fetches and caches account and retention. @throws Pause; JobError API_… or CREDENTIAL_… */
export async function identifyAccount(services: ArchiveServices): Promise<AccountFacts> {
  const { id: account, timeZone } = await fetchAccount(services.client);
  if (timeZone !== undefined && timeZone !== services.timeZone) {
    services.log.warn("time zones differ", {
      ringcentral: timeZone,
      settings: services.timeZone,
    });
  }
  const caching = await cacheAccount(services, account);
  const retention = await fetchRetention(services);
  if (retention) await cacheAccount(services, account, { retention });
  if (retention?.days === undefined)
    services.log.warn("recording retention unknown, no recording given up by age", retention);
  const fromCache = async () => cachedRetention(await findCachedAccount(services.state, account));
  return { account, retention: retention ?? (await fromCache()), ...caching };
}

/** Returns what an earlier run cached; null if the credential may belong to another account. */
export async function recallAccountFacts(
  services: ArchiveServices,
  error: JobError | undefined,
): Promise<AccountFacts | null> {
  const cached = await recallCachedAccount(services, error);
  return cached ? { account: cached.id, retention: cachedRetention(cached) } : null;
}

/**
 * Returns undefined without a usable response: retention only improves the plan, and no run should wait or fail for it.
 */
async function fetchRetention({
  client,
  log,
}: Pick<ArchiveServices, "client" | "log">): Promise<Retention | undefined> {
  try {
    return await fetchRecordingRetention(client);
  } catch (error) {
    if (!isOfRingCentral(error)) throw error;
    log.warn("recording settings not fetched", reasonOf(error));
    return undefined;
  }
}

/** What came back; RingCentral's rate limit is a pause without an error. */
function reasonOf(error: unknown): object {
  if (!(error instanceof Pause)) return serializeError(error);
  return error.cause === undefined ? { reason: error.reason } : serializeError(error.cause);
}

function isOfRingCentral(error: unknown): boolean {
  if (error instanceof Pause) return error.reason === "unavailable" || error.reason === "rate-limited";
  return error instanceof JobError && error.code.startsWith("API_");
}

/**
 * Returns the cached retention, for priorities only. It gives up no recording, because RingCentral may keep them longer
 * by now.
 */
function cachedRetention(cached: CachedAccount | undefined): Retention {
  return { ...defaultRetention, ...(cached?.retention && { daysToFetch: cached.retention.daysToFetch }) };
}
