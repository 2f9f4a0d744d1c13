import type { Retention } from "../core/horizon.ts";
import type { JobError } from "../errors.ts";
import { readAccount, readRecordingRetention } from "../ringcentral/account.ts";
import { recallAccountNote } from "../services/recall-account.ts";
import { noteAccount } from "../storage/account-note.ts";
import type { ArchiveServices } from "./services.ts";

/** Whose calls they are, and how long RingCentral keeps their recordings. */
export interface AccountFacts {
  readonly account: string;
  readonly retention: Retention;
}

/** Asks RingCentral whose credential it is. @throws JobError API_…, CREDENTIAL_… */
export async function identifyAccount(s: ArchiveServices): Promise<AccountFacts> {
  const { id: account, timeZone } = await readAccount(s.client);
  const retention = await readRecordingRetention(s.client);
  if (retention.days === undefined)
    s.log.warn("RingCentral does not say how long it keeps recordings; nothing is given up by age", retention);
  if (timeZone !== undefined && timeZone !== s.timeZone) {
    s.log.warn("RingCentral's time zone is another than the settings'", {
      ringcentral: timeZone,
      settings: s.timeZone,
    });
  }
  await noteAccount(s.state, { id: account, credential: await s.broker.fingerprint(), retention });
  return { account, retention };
}

/** The retention of an account that never told: nothing is given up by age, and the default bounds what is urgent. */
const unknownRetention: Retention = { days: undefined, daysToFetch: 90, maxCount: undefined };

/** What an earlier run was told; null where the credential may belong to another account. */
export async function recallAccount(s: ArchiveServices, error: JobError | undefined): Promise<AccountFacts | null> {
  const note = await recallAccountNote(s, error);
  if (!note) return null;
  const { days, daysToFetch, maxCount } = note.retention ?? unknownRetention;
  return { account: note.id, retention: { days, daysToFetch, maxCount } };
}
