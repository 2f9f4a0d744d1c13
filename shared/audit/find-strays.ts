import type { Bucket } from "../aws/bucket.ts";
import { DerivedPrefix, StatePrefix } from "../contract.ts";
import { type Finding, type FindingBucket, finding, inBucket } from "../core/finding.ts";
import { derivedKeys, stateKeys } from "../core/object-keys.ts";
import type { JobDeployment } from "../job-deployment.ts";
import { jobs } from "../jobs.ts";
import { auditedPrefixes, keptAggregates } from "./audited-aggregates.ts";
import { accountsIn } from "./choose-account.ts";
import { keysOutside } from "./keys-outside.ts";

/**
 * Finds the objects of an archive bucket that no job writes.
 * @param account the stack's only one; undefined: every account that the bucket has
 */
export async function* findStrays(archive: Bucket, account?: string): AsyncGenerator<Finding> {
  const accounts = account === undefined ? await accountsIn(archive) : [account];
  const aggregates = await keptAggregates();
  const prefixes = accounts.flatMap((account) => aggregates.flatMap((each) => auditedPrefixes(each, account)));
  for await (const key of keysOutside(archive, prefixes)) yield stray("archive", key);
}

/**
 * Finds the objects of the state bucket that no job writes. Under a prefix with many objects every key counts as a job's;
 * nothing there is listed.
 */
export function findStateStrays(state: Bucket): AsyncGenerator<Finding> {
  return findStraysIn("state", state, stateForms);
}

/** Finds the objects of the derived bucket that no job writes. Those beside tables and pages are found with these. */
export function findDerivedStrays(derived: Bucket): AsyncGenerator<Finding> {
  return findStraysIn("derived", derived, derivedForms);
}

/** The keys that a job writes under a prefix with few objects, or their form. */
type KeyForms = Readonly<Record<string, readonly (string | RegExp)[]>>;

const names = Object.keys(jobs);

const stateForms: KeyForms = {
  [StatePrefix.owners]: names.map(stateKeys.owner),
  [StatePrefix.pauses]: names.map(stateKeys.pause),
  [StatePrefix.accounts]: [stateKeys.account],
  [StatePrefix.tokens]: [/^tokens\/[^/]+\.json$/],
  [StatePrefix.index]: [/^index\/account=[^/]+\.json\.gz$/],
  "analytics/index/": [/^analytics\/index\/account=[^/]+\.json\.gz$/],
  "verifications/": [/^verifications\/(?:index|intents|events)\/account=[^/]+/],
  [StatePrefix.access]: [stateKeys.newestAccessReport, stateKeys.accessProbe, /^access\/runs\/[^/]+\.json$/],
};

const derivedForms: KeyForms = {
  [DerivedPrefix.built]: [derivedKeys.tablesBuildIndex, derivedKeys.pagesBuildIndex],
};

async function* findStraysIn(name: "state" | "derived", bucket: Bucket, forms: KeyForms): AsyncGenerator<Finding> {
  for await (const key of keysOutside(bucket, jobPrefixes(name))) yield stray(name, key);
  for (const [prefix, ours] of Object.entries(forms)) {
    for await (const { key } of bucket.list(prefix)) {
      if (!ours.some((form) => (typeof form === "string" ? form === key : form.test(key)))) yield stray(name, key);
    }
  }
}

/** The prefixes that a job writes, or reads what a command writes. */
function jobPrefixes(bucket: "state" | "derived"): string[] {
  const deployments = Object.values<JobDeployment>(jobs);
  const all = deployments.flatMap(({ writes, writesOnly, reads }) =>
    [writes, writesOnly, reads].flatMap((prefixes) => prefixes?.[bucket] ?? []),
  );
  return [...new Set(all)];
}

function stray(bucket: FindingBucket, key: string): Finding {
  const found = finding("object-unexpected", key, "no job writes an object of this name");
  return bucket === "archive" ? found : inBucket(bucket, found);
}
