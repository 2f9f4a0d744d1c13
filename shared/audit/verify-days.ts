import type { Bucket } from "../aws/bucket.ts";
import { orderedProgress } from "../core/async/ordered-progress.ts";
import type { ReferencedObject } from "../core/audited-aggregate.ts";
import { type Expiration, isExpired } from "../core/expiration.ts";
import type { Finding } from "../core/finding.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { JobError } from "../errors.ts";
import type { LedgerManifest } from "../storage/ledger-file.ts";
import { createReadGuard, type ReadGuard } from "../storage/read-guard.ts";
import type { AccountAggregate, CheckedManifest } from "./check-manifests.ts";
import { attemptCheck, type ObjectToCheck } from "./check-object.ts";
import type { DayEvidence } from "./day-evidence.ts";
import { beginDay, type DayInWork } from "./day-in-work.ts";
import { daysToVerify } from "./days-to-verify.ts";
import { isNewer } from "./is-newer.ts";
import type { Selection } from "./selection.ts";
import type { DayCounts } from "./verify-counts.ts";

export interface VerifyDaysOptions extends AccountAggregate {
  readonly archive: Bucket;
  /** The newest ledger item of each day. */
  readonly ledgerManifests: ReadonlyMap<Day, LedgerManifest>;
  /** Says which entry to read again if a manifest is unavailable. @default another manifest */
  readonly ledgerReads?: Pick<ReadGuard, "lastRead"> | undefined;
  readonly selection: Selection;
  /** What runs have noted and not finished. @default nothing: all that a running run has changed is a finding */
  readonly evidence?: ((day: Day) => DayEvidence) | undefined;
  /** What a run rewrites is not judged after this time: it may be about to note it. @default all is judged */
  readonly judgedUntil?: Date | undefined;
  /** @default the clock of this machine */
  readonly now?: (() => Date) | undefined;
  /** Called for each checked object. */
  readonly onObject?: ((key: string, findings: readonly Finding[]) => void) | undefined;
}

/** What was found wrong on one day, and how much was checked. */
export interface VerifiedDay {
  readonly day: Day;
  readonly counts: DayCounts;
  readonly findings: readonly Finding[];
}

const checkConcurrency = 64;
/** A day whose manifest changes while it is verified is verified again. */
const maxAttempts = 3;

/**
 * Verifies the selected days of an aggregate in order, in constant memory. Manifests must match the ledger, every referenced
 * object must exist unchanged, and closed days must hold no other objects.
 * @throws STORAGE_FAILED
 */
export async function* verifyDays(options: VerifyDaysOptions, attempt = 1): AsyncGenerator<VerifiedDay> {
  const isLedgerRead = options.ledgerManifests.size > 0;
  const manifests = createReadGuard({ hasReadElsewhere: isLedgerRead, others: options.ledgerReads });
  const guards = { manifests, objects: createReadGuard({ hasReadElsewhere: isLedgerRead, others: manifests }) };
  const begun: DayInWork[] = [];
  let read: Promise<readonly Expiration[]> | undefined;
  const rules = () => {
    read ??= options.archive.expirations();
    return read;
  };
  const steps = async function* () {
    let count = 0;
    for await (const stored of daysToVerify(options.archive, { ...options, guard: guards.manifests })) {
      const day = beginDay(stored);
      begun.push(day);
      for (const check of day.checks) {
        count++;
        yield { day, check };
      }
      day.lastStep = ++count;
      yield { day, check: undefined };
    }
  };
  const work = async ({ day, check }: { readonly day: DayInWork; readonly check: ObjectToCheck | undefined }) => {
    if (check) await checkOne({ ...options, rules }, guards.objects, day, check);
  };
  for await (const done of orderedProgress(steps(), { alreadyDone: 0, concurrency: checkConcurrency }, work))
    for (let [day] = begun; day && day.lastStep <= done; [day] = begun) {
      begun.shift();
      yield await settle(options, manifests, day, attempt);
    }
  guards.manifests.end();
  guards.objects.end();
}

interface Rules {
  /** By which rules S3 deletes objects of the bucket. */
  readonly rules: () => Promise<readonly Expiration[]>;
}

/** Checks one object, and adds the result to its day. */
async function checkOne(
  { archive, aggregate, selection, now = () => new Date(), judgedUntil, onObject, rules }: VerifyDaysOptions & Rules,
  guard: ReadGuard,
  { checked, counts, findings }: DayInWork,
  check: ObjectToCheck,
): Promise<void> {
  const { key, bytes }: ReferencedObject = check.reference;
  const depth = selection.depthOf(key);
  if (depth === undefined) return;
  const { findings: found, content } = await attemptCheck({ archive, guard }, depth, check);
  const [first] = found;
  const { manifest } = checked;
  const mayBeRuns = manifest !== undefined && aggregate.isRewritten(key, manifest.status);
  if (first?.code === "object-changed" && mayBeRuns && isNewer(check.listed, judgedUntil)) {
    counts.notYetInManifest++;
    return;
  }
  if (first?.code === "object-missing" && isExpired(await rules(), { key, day: checked.day, now: now() })) {
    counts.expired++;
    return;
  }
  counts.objects++;
  counts.bytes += bytes;
  if (content === "read") {
    counts.objectsRead++;
    counts.bytesRead += bytes;
  }
  if (content === "offline") counts.offline++;
  findings.push(...found);
  onObject?.(key, found);
}

/** Returns a day's findings, without those that a running run explains. */
async function settle(
  options: VerifyDaysOptions,
  guard: ReadGuard,
  day: DayInWork,
  attempt: number,
): Promise<VerifiedDay> {
  const { checked, counts, findings } = day;
  if (findings.length > 0 && attempt < maxAttempts && (await hasChanged(options, guard, checked))) {
    const alone = { ...options, selection: { ...options.selection, after: undefined, days: new Set([checked.day]) } };
    for await (const again of verifyDays(alone, attempt + 1)) return again;
  }
  const runs = options.evidence?.(checked.day);
  const left = runs ? await withoutRuns(options, day, runs) : findings;
  const notYetInManifest = counts.notYetInManifest + findings.length - left.length;
  return { day: checked.day, counts: { ...counts, notYetInManifest, findings: left.length }, findings: left };
}

/**
 * Leaves out what runs have written and noted in the state bucket: the first objects of a day, and those that they rewrite.
 */
async function withoutRuns(
  { archive, aggregate }: VerifyDaysOptions,
  { checked: { manifest, required }, findings }: DayInWork,
  runs: DayEvidence,
): Promise<readonly Finding[]> {
  const isNew = !required && findings.length > 0 && (await runs.hasBegun());
  const left: Finding[] = [];
  for (const found of findings) {
    const { code, key } = found;
    if (isNew && code === "object-unexpected") continue;
    const isRewritten = manifest && code === "object-changed" && aggregate.isRewritten(key, manifest.status);
    const { sha256 } = (isRewritten && (await archive.head(key))) || {};
    if (manifest && sha256 !== undefined && (await runs.namesObject({ key, sha256 }, manifest))) continue;
    left.push(found);
  }
  return left;
}

async function hasChanged(
  { archive, account, aggregate }: VerifyDaysOptions,
  guard: ReadGuard,
  { day, etag }: CheckedManifest,
): Promise<boolean> {
  if (etag === undefined) return false;
  const now = await guard.attempt(() => archive.head(aggregateKeys[aggregate.name].manifest(account, day)));
  return !(now instanceof JobError) && now?.etag !== etag;
}
