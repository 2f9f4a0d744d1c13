import type { Bucket } from "../aws/bucket.ts";
import { JobError } from "../errors.ts";

/** The accounts whose archive lies in a bucket, by its manifests and ledgers. */
export async function accountsIn(archive: Bucket): Promise<string[]> {
  const accounts = new Set<string>();
  for (const prefix of ["manifests/", "ledger/", "analytics/manifests/", "analytics/ledger/"]) {
    for await (const { key } of archive.list(prefix)) {
      const account = decoded(/^[a-z/]+\/account=([^/]+)\//.exec(key)?.[1] ?? "");
      if (account) accounts.add(account);
    }
  }
  return [...accounts].sort();
}

/** The one that is meant: the one named, or the only one there is. @throws JobError REQUEST_INVALID */
export async function chooseAccount(archive: Bucket, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const accounts = await accountsIn(archive);
  const [only] = accounts;
  if (only !== undefined && accounts.length === 1) return only;
  throw new JobError(
    "REQUEST_INVALID",
    only === undefined ? "The bucket holds no archive" : `The bucket holds the archives of ${accounts.join(", ")}`,
    { hint: only === undefined ? "Check --bucket and the region." : "Choose one with --account." },
  );
}

/** Undefined for what no key of the archive's is made of. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
