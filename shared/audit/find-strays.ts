import type { Bucket } from "../aws/bucket.ts";
import { type Finding, finding } from "../core/finding.ts";
import { auditedPrefixes, keptAggregates } from "./audited-aggregates.ts";
import { accountsIn } from "./choose-account.ts";
import { keysOutside } from "./keys-outside.ts";

/** Finds the objects of an archive bucket that no job writes, whatever the account. */
export async function* findStrays(archive: Bucket): AsyncGenerator<Finding> {
  const [accounts, aggregates] = await Promise.all([accountsIn(archive), keptAggregates()]);
  const prefixes = accounts.flatMap((account) => aggregates.flatMap((each) => auditedPrefixes(each, account)));
  for await (const key of keysOutside(archive, prefixes))
    yield finding("object-unexpected", key, "no job writes an object of this name");
}
