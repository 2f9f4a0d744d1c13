import { type Bucket, toBody } from "../aws/bucket.ts";
import { maxRunDays } from "../contract.ts";
import { prefetch } from "../core/async/prefetch.ts";
import type { AuditedAggregate, AuditedManifest, ReferencedObject } from "../core/audited-aggregate.ts";
import type { DayManifest } from "../core/day-manifest.ts";
import { type Finding, finding } from "../core/finding.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import { type Day, dayMs } from "../core/time/days.ts";
import { hasCode, JobError } from "../errors.ts";
import type { LedgerManifest } from "../storage/ledger-file.ts";
import type { ReadGuard } from "../storage/read-guard.ts";
import { byDay } from "./by-day.ts";
import type { DayEvidence } from "./day-evidence.ts";
import { listSelected } from "./list-selected.ts";
import { includesDay, type Selection } from "./selection.ts";

/** A day's manifest, undefined if missing or unreadable, and its findings. */
export interface CheckedManifest {
  readonly day: Day;
  readonly manifest: DayManifest | undefined;
  readonly etag: string | undefined;
  readonly lastModified: Date | undefined;
  /** Why S3 did not return it. */
  readonly error?: JobError;
  readonly references: readonly ReferencedObject[];
  /** True if a manifest exists or must exist. */
  readonly required: boolean;
  readonly findings: readonly Finding[];
}

const readConcurrency = 4;

/** One aggregate of one account. */
export interface AccountAggregate {
  readonly account: string;
  readonly aggregate: AuditedAggregate;
}

export interface ManifestCheckOptions extends AccountAggregate {
  readonly archive: Bucket;
  /** The newest ledger item of each day. */
  readonly ledgerManifests: ReadonlyMap<Day, LedgerManifest>;
  readonly selection: Selection;
  /** What the state bucket shows of a day's runs. @default nothing */
  readonly evidence?: ((day: Day) => DayEvidence) | undefined;
  /** @default the clock of this machine */
  readonly now?: (() => Date) | undefined;
  readonly guard: ReadGuard;
}

/** Checks every selected manifest that is stored or listed in the ledger, sorted by day. */
export async function* checkManifests(options: ManifestCheckOptions): AsyncGenerator<CheckedManifest> {
  const listed = await listDays(options);
  const inLedger = [...options.ledgerManifests.keys()].filter((day) => includesDay(options.selection, day));
  yield* prefetch([...new Set([...inLedger, ...listed.days])].sort(), readConcurrency, async (day) => {
    const checked = await checkManifest(options, day);
    return { ...checked, findings: [...checked.findings, ...(listed.strays.get(day) ?? [])] };
  });
}

/** Lists the days that have a manifest, and the other objects beside them. */
async function listDays({ archive, account, aggregate, selection }: ManifestCheckOptions) {
  const keys = aggregateKeys[aggregate.name];
  const days = new Set<Day>();
  const strays = new Map<Day, Finding[]>();
  for await (const { day, objects } of byDay(listSelected(archive, keys.manifestsPrefix(account), selection))) {
    // All of no day come first, before any other day is checked.
    if (day === "" && selection.after !== undefined) continue;
    days.add(day);
    const others = objects.filter(({ key }) => key !== keys.manifest(account, day));
    strays.set(day, [
      ...(strays.get(day) ?? []),
      ...others.map(({ key }) => finding("object-unexpected", key, "its name is not that of a manifest")),
    ]);
  }
  return { days, strays };
}

/** Checks the manifest of one day. */
export async function checkManifest(options: ManifestCheckOptions, day: Day): Promise<CheckedManifest> {
  const { archive, account, aggregate, ledgerManifests, guard } = options;
  const key = aggregateKeys[aggregate.name].manifest(account, day);
  const ledgerManifest = ledgerManifests.get(day);
  const none = (...findings: readonly Finding[]): CheckedManifest => ({
    ...{ day, manifest: undefined, etag: undefined, lastModified: undefined, references: [] },
    ...{ required: findings.length > 0, findings },
  });
  const stored = await guard.attempt(() => archive.get(key));
  if (stored instanceof JobError)
    return { ...none(finding("manifest-unreadable", key, stored.message)), error: stored };
  if (!stored) {
    return ledgerManifest ? none(finding("manifest-missing", key, "the ledger shows that it existed")) : none();
  }
  const parsed = manifestOrFinding(aggregate, stored.body, key);
  if ("code" in parsed) return none(parsed);
  const { manifest, references } = parsed;
  const { etag, lastModified } = stored;
  const { sha256 } = toBody(stored.body);
  const compared = ledgerFindings(key, { manifest, sha256, ledgerManifest });
  const findings = (await isOfRun(options, compared, { day, sha256, lastModified })) ? [] : compared;
  if (manifest.day !== day || manifest.account !== account)
    return none(...findings, finding("manifest-misplaced", key, "it belongs to another day or account"));
  return { day, manifest, etag, lastModified, references, required: true, findings };
}

/** True for a manifest that a run was about to write, and may not have added to the ledger yet. */
async function isOfRun(
  { evidence, now = () => new Date() }: ManifestCheckOptions,
  [found]: readonly Finding[],
  { day, sha256, lastModified }: { readonly day: Day; readonly sha256: string; readonly lastModified: Date },
): Promise<boolean> {
  if (found?.code !== "manifest-not-in-ledger" || !evidence) return false;
  if (now().getTime() - lastModified.getTime() >= maxRunDays * dayMs) return false;
  return (await evidence(day).manifestIntents()).some((intent) => intent.sha256 === sha256);
}

function manifestOrFinding(aggregate: AuditedAggregate, body: Buffer, key: string): AuditedManifest | Finding {
  try {
    return aggregate.parse(body, key);
  } catch (error) {
    if (!hasCode(error, "STORAGE_INVALID")) throw error;
    return finding("manifest-unreadable", key, error.message);
  }
}

interface LedgerComparison {
  readonly manifest: DayManifest;
  readonly sha256: string;
  readonly ledgerManifest: LedgerManifest | undefined;
}

function ledgerFindings(key: string, { manifest, sha256, ledgerManifest }: LedgerComparison): Finding[] {
  if (!ledgerManifest) return [finding("manifest-not-in-ledger", key, "no ledger entry lists it")];
  if (ledgerManifest.sha256 === sha256) return [];
  const { revision, previousSha256 } = manifest;
  const revisionsAhead = revision - ledgerManifest.revision;
  // Between two entries a killed run and the next may each write a revision. The next revision must have the hash of this one.
  const isLaterRevision = revisionsAhead > 1 || (revisionsAhead === 1 && previousSha256 === ledgerManifest.sha256);
  const known = ledgerManifest.revision;
  return isLaterRevision
    ? [finding("manifest-not-in-ledger", key, `no entry lists its revision ${revision}, only revision ${known}`)]
    : [finding("manifest-altered", key, `it is not the revision ${known} that the ledger lists`)];
}
