import type { Bucket } from "../aws/bucket.ts";
import type { AggregateName } from "../core/day-aggregate.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { AuditedAggregate } from "./audited-aggregate.ts";
import { auditedAnalytics } from "./audited-analytics.ts";
import { auditedCalls } from "./audited-calls.ts";

const optionalAggregates = [auditedAnalytics];

/** The aggregates to audit: always the calls; others if anything of them is stored or they are `expected`. */
export async function auditedAggregates(
  archive: Bucket,
  account: string,
  expected: ReadonlySet<AggregateName> = new Set(),
): Promise<AuditedAggregate[]> {
  const aggregates = [auditedCalls];
  for (const aggregate of optionalAggregates)
    if (expected.has(aggregate.name) || (await hasObjects(archive, account, aggregate))) aggregates.push(aggregate);
  return aggregates;
}

async function hasObjects(archive: Bucket, account: string, { name, prefixes }: AuditedAggregate): Promise<boolean> {
  const { manifestsPrefix, ledgerPrefix } = aggregateKeys[name];
  for (const prefix of [manifestsPrefix(account), ledgerPrefix(account), ...prefixes(account)])
    for await (const _object of archive.list(prefix)) return true;
  return false;
}
