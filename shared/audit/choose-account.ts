import type { Bucket } from "../aws/bucket.ts";
import { evidencePrefixes, idInSegment } from "../core/object-keys.ts";
import { JobError } from "../errors.ts";

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

/** Returns `account`, or else the bucket's only account. @throws REQUEST_INVALID when the bucket has none or several */
export async function chooseAccount(archive: Bucket, account: string | undefined): Promise<string> {
  if (account !== undefined) return account;
  const accounts = await accountsIn(archive);
  const [only] = accounts;
  if (only !== undefined && accounts.length === 1) return only;
  throw new JobError(
    "REQUEST_INVALID",
    only === undefined ? "The bucket holds no archive" : `The bucket holds the archives of ${accounts.join(", ")}`,
    { hint: only === undefined ? "Check --bucket and the region." : "Choose one with --account." },
  );
}
