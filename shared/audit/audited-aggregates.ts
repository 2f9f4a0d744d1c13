import type { Bucket } from "../aws/bucket.ts";
import type { AggregateName } from "../core/day-aggregate.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { AuditedAggregate } from "./audited-aggregate.ts";
import { auditedAnalytics } from "./audited-analytics.ts";
import { auditedCalls } from "./audited-calls.ts";

const others = [auditedAnalytics];

/** What there is to audit of an account: its calls always, another aggregate where anything lies in it or where it is `expected`. */
export async function auditedAggregates(
  archive: Bucket,
  account: string,
  expected: ReadonlySet<AggregateName> = new Set(),
): Promise<AuditedAggregate[]> {
  const aggregates = [auditedCalls];
  for (const aggregate of others)
    if (expected.has(aggregate.name) || (await isKept(archive, account, aggregate))) aggregates.push(aggregate);
  return aggregates;
}

async function isKept(archive: Bucket, account: string, { name, prefixes }: AuditedAggregate): Promise<boolean> {
  const { manifestsPrefix, ledgerPrefix } = aggregateKeys[name];
  for (const prefix of [manifestsPrefix(account), ledgerPrefix(account), ...prefixes(account)])
    for await (const _object of archive.list(prefix)) return true;
  return false;
}
