import type { Bucket } from "../aws/bucket.ts";
import type { AuditedAggregate } from "../core/audited-aggregate.ts";
import type { AggregateName } from "../core/day-aggregate.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { JobDeployment } from "../job-deployment.ts";
import { jobs } from "../jobs.ts";

/** Loads what every job keeps, from `audit.ts` in its folder. */
export async function keptAggregates(): Promise<readonly AuditedAggregate[]> {
  const keepers = Object.entries<JobDeployment>(jobs).flatMap(([job, { keeps }]) => (keeps ? [job] : []));
  return Promise.all(keepers.map(auditedOf));
}

async function auditedOf(job: string): Promise<AuditedAggregate> {
  const loaded: { readonly audited: AuditedAggregate } = await import(`../jobs/${job}/audit.ts`);
  return loaded.audited;
}

/** The aggregates to audit: always the calls; others if anything of them is stored or they are `expected`. */
export async function auditedAggregates(
  archive: Bucket,
  account: string,
  expected: ReadonlySet<AggregateName> = new Set(),
): Promise<AuditedAggregate[]> {
  const aggregates: AuditedAggregate[] = [];
  for (const aggregate of await keptAggregates()) {
    const isExpected = aggregate.name === "calls" || expected.has(aggregate.name);
    if (isExpected || (await hasObjects(archive, account, aggregate))) aggregates.push(aggregate);
  }
  return aggregates;
}

/** The aggregates of which runs keep an index of days in the state bucket: something of them must be stored. */
export async function indexedAggregates(state: Bucket, account: string): Promise<ReadonlySet<AggregateName>> {
  const indexed = new Set<AggregateName>();
  for (const { name } of await keptAggregates())
    if (await state.head(aggregateKeys[name].dayIndex(account))) indexed.add(name);
  return indexed;
}

/** Prefixes of an aggregate in the archive bucket: manifests, ledger and the objects of its days. */
export function auditedPrefixes({ name, prefixes }: AuditedAggregate, account: string): readonly string[] {
  const { manifestsPrefix, ledgerPrefix } = aggregateKeys[name];
  return [manifestsPrefix(account), ledgerPrefix(account), ...prefixes(account)];
}

/** True if anything of an aggregate is stored. */
export async function hasObjects(archive: Bucket, account: string, aggregate: AuditedAggregate): Promise<boolean> {
  for (const prefix of auditedPrefixes(aggregate, account))
    for await (const _object of archive.list(prefix)) return true;
  return false;
}
