import type { Bucket } from "../aws/bucket.ts";
import { evidencePrefixes, idInSegment } from "../core/object-keys.ts";
import { JobError } from "../errors.ts";
import { readCachedAccount } from "../storage/cached-account.ts";
import { hasObjects, keptAggregates } from "./audited-aggregates.ts";

/** Lists the accounts that have manifests or ledgers in a bucket. */
export async function accountsIn(archive: Bucket): Promise<string[]> {
  const accounts = new Set<string>();
  for (const prefix of evidencePrefixes) {
    for await (const { key } of archive.list(prefix)) {
      const account = idInSegment(/^[a-z/]+\/account=([^/]+)\//.exec(key)?.[1] ?? "");
      if (account) accounts.add(account);
    }
  }
  return [...accounts].sort();
}

/** Returns the account that the runs of a stack have identified; undefined before the first one. @throws STORAGE_FAILED */
export async function cachedAccount(state: Bucket): Promise<string | undefined> {
  return (await readCachedAccount(state))?.id;
}

/**
 * Returns `account`, or else the bucket's only account.
 * @throws REQUEST_INVALID when the bucket has nothing of `account`, or none or several accounts
 */
export async function chooseAccount(archive: Bucket, account: string | undefined): Promise<string> {
  if (account !== undefined && (await isStored(archive, account))) return account;
  const accounts = await accountsIn(archive);
  const [only] = accounts;
  if (account === undefined && only !== undefined && accounts.length === 1) return only;
  throw new JobError("REQUEST_INVALID", accountError(account, accounts), {
    hint: only === undefined ? "Check --bucket and the region." : "Choose one with --account.",
  });
}

function accountError(account: string | undefined, accounts: readonly string[]): string {
  if (accounts.length === 0) return "The bucket holds no archive";
  const others = accounts.join(", ");
  return account === undefined
    ? `The bucket holds the archives of ${others}`
    : `The bucket holds no archive of ${account}, but of ${others}`;
}

/** True if the bucket has anything of an account, even if its manifests and ledgers are gone. */
async function isStored(archive: Bucket, account: string): Promise<boolean> {
  for (const aggregate of await keptAggregates()) if (await hasObjects(archive, account, aggregate)) return true;
  return false;
}
