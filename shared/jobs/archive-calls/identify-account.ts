import { Pause } from "../../core/async/pause.ts";
import { defaultRetention, type Retention } from "../../core/calls/horizon.ts";
import { JobError, serializeError } from "../../errors.ts";
import { fetchAccount, fetchRecordingRetention } from "../../ringcentral/endpoints/account.ts";
import { type CachedAccount, readHints } from "../../storage/cached-account.ts";
import { type AccountCaching, cacheAccount } from "../../wiring/cache-account.ts";
import { recallCachedAccount } from "../../wiring/recall-account.ts";
import type { ArchiveServices } from "./services.ts";

/** Whose calls they are, and how long RingCentral keeps their recordings. */
export interface AccountFacts extends AccountCaching {
  readonly account: string;
  readonly retention: Retention;
}

/** Asks RingCentral whose credential it is. @throws JobError API_…, CREDENTIAL_… */
export async function identifyAccount(s: ArchiveServices): Promise<AccountFacts> {
  const { id: account, timeZone } = await fetchAccount(s.client);
  if (timeZone !== undefined && timeZone !== s.timeZone) {
    s.log.warn("RingCentral's time zone is another than the settings'", {
      ringcentral: timeZone,
      settings: s.timeZone,
    });
  }
  const noting = await cacheAccount(s, account);
  const retention = await askRetention(s);
  if (retention) await cacheAccount(s, account, { retention });
  if (retention?.days === undefined)
    s.log.warn("RingCentral does not say how long it keeps recordings; nothing is given up by age", retention);
  const remembered = async () => rememberedRetention(await findCachedAccount(s.state, account));
  return { account, retention: retention ?? (await remembered()), ...noting };
}

/** What an earlier run was told; null where the credential may belong to another account. */
export async function recallAccount(s: ArchiveServices, error: JobError | undefined): Promise<AccountFacts | null> {
  const note = await recallCachedAccount(s, error);
  return note ? { account: note.id, retention: rememberedRetention(note) } : null;
}

/** Undefined where RingCentral gives no usable answer: retention only helps to plan, and no run should wait or fail for it. */
async function askRetention(s: ArchiveServices): Promise<Retention | undefined> {
  try {
    return await fetchRecordingRetention(s.client);
  } catch (error) {
    if (!isOfRingCentral(error)) throw error;
    s.log.warn("recording settings not read", serializeError(error instanceof Pause ? error.cause : error));
    return undefined;
  }
}

function isOfRingCentral(error: unknown): boolean {
  if (error instanceof Pause) return error.reason === "unavailable" || error.reason === "rate-limited";
  return error instanceof JobError && error.code.startsWith("API_");
}

/** What was said on an earlier night hurries and gives nothing up: RingCentral may keep recordings for longer by now. */
function rememberedRetention(note: CachedAccount | undefined): Retention {
  return { ...defaultRetention, ...(note?.retention && { daysToFetch: note.retention.daysToFetch }) };
}
