import { type Bucket, toBody } from "../aws/bucket.ts";
import { prefetch } from "../core/async/prefetch.ts";
import type { AuditedAggregate, AuditedManifest, ReferencedObject } from "../core/audited-aggregate.ts";
import type { DayManifest } from "../core/day-manifest.ts";
import { type Finding, finding } from "../core/finding.ts";
import { aggregateKeys, dayInKey } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { hasCode } from "../errors.ts";
import type { LedgerManifest } from "../storage/ledger-file.ts";

/** A day's manifest, undefined if missing or unreadable, and its findings. */
export interface CheckedManifest {
  readonly day: Day;
  readonly manifest: DayManifest | undefined;
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

/** Checks every manifest that is stored or listed in the ledger, sorted by day. */
export async function* checkManifests(
  archive: Bucket,
  accountAggregate: AccountAggregate,
  ledgerManifests: ReadonlyMap<Day, LedgerManifest>,
): AsyncGenerator<CheckedManifest> {
  const listed = await listDays(archive, accountAggregate);
  const days = new Set([...ledgerManifests.keys(), ...listed.days]);
  yield* prefetch([...days].sort(), readConcurrency, async (day) => {
    const ledgerManifest = ledgerManifests.get(day);
    const checked = await checkManifest(archive, { ...accountAggregate, day, ledgerManifest });
    return { ...checked, findings: [...checked.findings, ...(listed.strays.get(day) ?? [])] };
  });
}

/** Lists the days that have a manifest, and the other objects beside them. */
async function listDays(archive: Bucket, { account, aggregate }: AccountAggregate) {
  const keys = aggregateKeys[aggregate.name];
  const days = new Set<Day>();
  const strays = new Map<Day, Finding[]>();
  for await (const { key } of archive.list(keys.manifestsPrefix(account))) {
    const day = dayInKey(key) ?? "";
    days.add(day);
    if (key === keys.manifest(account, day)) continue;
    const unexpected = finding("object-unexpected", key, "its name is not that of a manifest");
    strays.set(day, [...(strays.get(day) ?? []), unexpected]);
  }
  return { days, strays };
}

interface ManifestToCheck extends AccountAggregate {
  readonly day: Day;
  readonly ledgerManifest: LedgerManifest | undefined;
}

async function checkManifest(archive: Bucket, check: ManifestToCheck): Promise<CheckedManifest> {
  const { account, aggregate, day, ledgerManifest } = check;
  const key = aggregateKeys[aggregate.name].manifest(account, day);
  const none = (...findings: readonly Finding[]) => ({
    ...{ day, manifest: undefined, references: [], required: findings.length > 0, findings },
  });
  const stored = await archive.get(key);
  if (!stored) {
    return ledgerManifest ? none(finding("manifest-missing", key, "the ledger shows that it existed")) : none();
  }
  const parsed = manifestOrFinding(aggregate, stored.body, key);
  if ("code" in parsed) return none(parsed);
  const { manifest, references } = parsed;
  const findings = ledgerFindings(key, { manifest, sha256: toBody(stored.body).sha256, ledgerManifest });
  if (manifest.day !== day || manifest.account !== account)
    return none(...findings, finding("manifest-misplaced", key, "it belongs to another day or account"));
  return { day, manifest, references, required: true, findings };
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
