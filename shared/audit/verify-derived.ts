import type { Bucket, ListedObject } from "../aws/bucket.ts";
import { forEachConcurrent } from "../core/async/for-each-concurrent.ts";
import { type Finding, inBucket } from "../core/finding.ts";
import type { Day } from "../core/time/days.ts";
import type { JobDeployment } from "../job-deployment.ts";
import { jobs } from "../jobs.ts";
import type { AuditedDerivation, DerivationBuckets } from "../storage/audited-derivation.ts";
import { checkDerivedDay, compareRebuilt, type DerivedVerification } from "./check-derived-day.ts";
import { includesDay, type Selection } from "./selection.ts";

export interface VerifyDerivedOptions extends DerivationBuckets {
  /** Which objects are checked, and how. Depth `bytes` also builds an object's day again. */
  readonly selection: Selection;
  /** Called for each finding immediately. */
  readonly onFinding: (finding: Finding) => void;
}

/** Loads what every job builds in the derived bucket, from `audit.ts` in its folder. */
export async function auditedDerivations(): Promise<readonly AuditedDerivation[]> {
  const builders = Object.entries<JobDeployment>(jobs).flatMap(([job, { derives }]) => (derives ? [job] : []));
  return Promise.all(builders.map(derivationOf));
}

async function derivationOf(job: string): Promise<AuditedDerivation> {
  const loaded: { readonly auditedDerivation: AuditedDerivation } = await import(`../jobs/${job}/audit.ts`);
  return loaded.auditedDerivation;
}

const dayConcurrency = 16;

/**
 * Verifies what jobs have built in the derived bucket. Each object must be as the job's index names it, and no other may lie
 * beside it. With depth `bytes` each day is built again from the archive, without storing it, and must give the same bytes.
 * @throws STORAGE_FAILED
 */
export async function verifyDerived(options: VerifyDerivedOptions): Promise<DerivedVerification> {
  const counts = { days: 0, daysNotBuilt: 0, daysRebuilt: 0, daysNotRebuilt: 0 };
  const result = { ...counts, objects: 0, bytes: 0, notChecked: 0, findings: 0 };
  const report = (findings: readonly Finding[]) => {
    result.findings += findings.length;
    for (const each of findings) options.onFinding(inBucket("derived", each));
  };
  for (const derivation of await auditedDerivations()) await verifyDerivation(options, derivation, result, report);
  return result;
}

type Report = (findings: readonly Finding[]) => void;

async function verifyDerivation(
  options: VerifyDerivedOptions,
  derivation: AuditedDerivation,
  counts: DerivedVerification,
  report: Report,
): Promise<void> {
  const { derived, selection } = options;
  const opened = await derivation.open(options);
  const stored = await listByDay(derived, derivation);
  if (!opened) {
    counts.notChecked += [...stored.values()].reduce((sum, objects) => sum + objects.size, 0);
    return;
  }
  report(opened.findings);
  const days = [...new Set([...opened.days.keys(), ...stored.keys()])]
    .filter((day) => includesDay(selection, day))
    .sort();
  const changed = new Set<string>();
  await forEachConcurrent(days, dayConcurrency, async (day) => {
    const findings = await checkDerivedDay(options, opened, { day, objects: stored.get(day) ?? new Map() }, counts);
    for (const { key } of findings) changed.add(key);
    report(findings);
  });
  // One day at a time: each takes memory.
  for (const day of days) {
    const keys = derivation.keysOf(day).filter((key) => selection.depthOf(key) === "bytes");
    if (keys.length > 0 && opened.days.get(day)?.isBuilt)
      report((await compareRebuilt(opened, day, keys, counts)).filter(({ key }) => !changed.has(key)));
  }
}

/** Lists the objects under the derivation's prefix; those that have no day's key are under "". */
async function listByDay(derived: Bucket, { prefix, dayOf }: AuditedDerivation) {
  const days = new Map<Day, Map<string, ListedObject>>();
  for await (const object of derived.list(prefix)) {
    const day = dayOf(object.key) ?? "";
    days.set(day, (days.get(day) ?? new Map()).set(object.key, object));
  }
  return days;
}
