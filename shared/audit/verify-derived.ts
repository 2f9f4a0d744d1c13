import type { ListedObject } from "../aws/bucket.ts";
import { forEachConcurrent } from "../core/async/for-each-concurrent.ts";
import { type Finding, inBucket } from "../core/finding.ts";
import type { Day } from "../core/time/days.ts";
import type { JobDeployment } from "../job-deployment.ts";
import { jobs } from "../jobs.ts";
import type { AuditedDerivation, DerivationBuckets, OpenedDerivation } from "../storage/audited-derivation.ts";
import { createReadGuard } from "../storage/read-guard.ts";
import {
  checkDerivedDay,
  compareRebuilt,
  type DerivedCounts,
  type DerivedDayOptions,
  type DerivedVerification,
} from "./check-derived-day.ts";
import { includesDay, type Selection } from "./selection.ts";

export interface VerifyDerivedOptions extends DerivationBuckets {
  /** Which objects are checked, and how. Depth `bytes` also builds an object's day again. */
  readonly selection: Selection;
  /** Objects written after this time are not judged: a run may be about to note them. @default all are judged */
  readonly judgedUntil?: Date | undefined;
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
  const result = { ...counts, objects: 0, bytes: 0, notChecked: 0, findings: 0, seenDays: new Set<Day>() };
  const report = (findings: readonly Finding[]) => {
    result.findings += findings.length;
    for (const each of findings) options.onFinding(inBucket("derived", each));
  };
  for (const derivation of await auditedDerivations()) await verifyDerivation(options, derivation, result, report);
  const { seenDays, ...verified } = result;
  return { ...verified, days: seenDays.size };
}

type Report = (findings: readonly Finding[]) => void;

async function verifyDerivation(
  options: VerifyDerivedOptions,
  derivation: AuditedDerivation,
  counts: DerivedCounts,
  report: Report,
): Promise<void> {
  const { selection } = options;
  const guard = createReadGuard({ others: { lastRead: () => () => derivation.open(options) } });
  const state = await readState(options, derivation);
  report(state.opened.findings);
  if (!state.opened.days) {
    counts.notChecked += state.listed;
    return;
  }
  const { opened, stored } = state;
  const days = [...new Set([...state.opened.days.keys(), ...stored.keys()])]
    .filter((day) => includesDay(selection, day))
    .sort();
  const suspects = await checkDays({ ...options, guard }, state, days, counts);
  // A run may have written between the index and the listing: what is wrong is looked at again.
  const again = suspects.size > 0 ? await readState(options, derivation) : undefined;
  const wrong = again?.opened.days
    ? await checkDays({ ...options, guard }, again, [...suspects.keys()], { ...counts })
    : suspects;
  const findings = [...wrong.values()].flat();
  report(findings);
  const changed = new Set(findings.map(({ key }) => key));
  // One day at a time: each takes memory.
  for (const day of opened.rebuild ? days : []) {
    const keys = opened.rebuild?.keysOf(day).filter((key) => selection.depthOf(key) === "bytes" && !changed.has(key));
    if (keys?.length && opened.days?.get(day)?.isBuilt) report(await compareRebuilt(opened, day, keys, counts));
  }
}

/** What the index says, and what S3 lists, by day; objects of no day, and those that are none of ours, are under "". */
interface DerivedState {
  readonly opened: OpenedDerivation;
  readonly stored: ReadonlyMap<Day, ReadonlyMap<string, ListedObject>>;
  /** Number of objects. */
  readonly listed: number;
}

/** Reads the index, then lists the objects. */
async function readState(
  buckets: DerivationBuckets,
  { prefixes, dayOf, open }: AuditedDerivation,
): Promise<DerivedState> {
  const opened = await open(buckets);
  const stored = new Map<Day, Map<string, ListedObject>>();
  let listed = 0;
  for (const prefix of prefixes)
    for await (const object of buckets.derived.list(prefix)) {
      const day = dayOf(object.key) ?? "";
      stored.set(day, (stored.get(day) ?? new Map()).set(object.key, object));
      listed++;
    }
  return { opened, stored, listed };
}

/** Returns the findings of the days that have any. */
async function checkDays(
  options: DerivedDayOptions,
  { opened, stored }: DerivedState,
  days: readonly Day[],
  counts: DerivedCounts,
): Promise<ReadonlyMap<Day, readonly Finding[]>> {
  const found = new Map<Day, readonly Finding[]>();
  await forEachConcurrent(days, dayConcurrency, async (day) => {
    const findings = await checkDerivedDay(options, opened, { day, objects: stored.get(day) ?? new Map() }, counts);
    if (findings.length > 0) found.set(day, findings);
  });
  return found;
}
