import type { Bucket, ListedObject } from "../aws/bucket.ts";
import { orderedProgress } from "../core/async/ordered-progress.ts";
import type { AuditedAggregate, ReferencedObject } from "../core/audited-aggregate.ts";
import type { AggregateName } from "../core/day-aggregate.ts";
import type { DayManifest } from "../core/day-manifest.ts";
import { type Finding, finding } from "../core/finding.ts";
import type { Day } from "../core/time/days.ts";
import { byDay, type DayObjects, joinDays } from "./by-day.ts";
import { type Anchor, checkLedger } from "./check-ledger.ts";
import { type AccountAggregate, type CheckedManifest, checkManifests } from "./check-manifests.ts";
import { checkObject, type Depth, type ObjectToCheck } from "./check-object.ts";
import type { CheckSignature } from "./signature-check.ts";

export interface VerifyOptions {
  /** Its client needs `responseChecksumValidation: "WHEN_REQUIRED"`: otherwise the SDK throws at a changed object. */
  readonly archive: Bucket;
  readonly account: string;
  readonly aggregate: AuditedAggregate;
  /** @default checksums */
  readonly depth?: Depth;
  /** Called for each finding immediately. */
  readonly onFinding: (finding: Finding) => void;
  readonly checkSignature?: CheckSignature | undefined;
  /** Number of the first entry that must be signed, if signatures are checked. @default 1 */
  readonly signedFrom?: number | undefined;
  readonly anchor?: Anchor | undefined;
}

/** What was checked, and the number of findings. */
export interface Verification {
  readonly aggregate: AggregateName;
  readonly account: string;
  readonly entries: number;
  /** The ledger's newest entry. Noted elsewhere, it later proves that no entry was removed. */
  readonly head: Anchor | undefined;
  /** Number of the newest entry with a valid signature; 0 if there is none or signatures were not checked. */
  readonly signedUpTo: number;
  readonly days: number;
  readonly closed: number;
  readonly objects: number;
  readonly bytes: number;
  /** Objects of open days that no manifest references yet: the next run adds them. */
  readonly notYetInManifest: number;
  /** Objects of days whose manifest is missing or unreadable, so that nothing can be compared. */
  readonly notChecked: number;
  readonly findings: number;
}

type LedgerManifests = Parameters<typeof checkManifests>[2];

const checkConcurrency = 64;

/**
 * Verifies one aggregate of an account's archive in constant memory. The ledger must be unbroken, and manifests must match it.
 * Every referenced object must exist unchanged, and closed days must hold no other objects.
 */
export async function verifyArchive(options: VerifyOptions): Promise<Verification> {
  const { archive, account, aggregate, depth = "checksums", onFinding } = options;
  const ledger = await checkLedger({ ...options, ledger: { aggregate: aggregate.name, account } });
  const counts = { days: 0, closed: 0, objects: 0, bytes: 0, notYetInManifest: 0, notChecked: 0, findings: 0 };
  const report = (findings: readonly Finding[]) => {
    counts.findings += findings.length;
    for (const each of findings) onFinding(each);
  };
  report(ledger.findings);
  const checks = async function* (): AsyncGenerator<ObjectToCheck> {
    for await (const { checked, listed } of daysOf(archive, { account, aggregate }, ledger.manifests)) {
      const { manifest, references, required, findings } = checked;
      report(findings);
      if (required) counts.days++;
      if (manifest?.status === "closed") counts.closed++;
      const keys = new Set(references.map(({ key }) => key));
      const unreferenced = listed.filter(({ key }) => !keys.has(key));
      if (manifest?.status === "open") counts.notYetInManifest += unreferenced.length;
      // One line says that a day's manifest is missing; a thousand more would hide it.
      else if (!manifest && required) counts.notChecked += unreferenced.length;
      else report(unreferenced.map(({ key }) => finding("object-unexpected", key, unexpectedDetail(manifest))));
      yield* objectsToCheck(references, listed);
    }
  };
  const work = async (check: ObjectToCheck) => {
    counts.objects++;
    counts.bytes += check.reference.bytes;
    report(await checkObject(archive, depth, check));
  };
  for await (const _done of orderedProgress(checks(), { alreadyDone: 0, concurrency: checkConcurrency }, work));
  const { entries, head, signedUpTo } = ledger;
  return { aggregate: aggregate.name, account, entries, head, signedUpTo, ...counts };
}

/** Yields every day that has a manifest, a ledger entry or any object, with its checked manifest and stored objects. */
async function* daysOf(archive: Bucket, accountAggregate: AccountAggregate, ledgerManifests: LedgerManifests) {
  const { account, aggregate } = accountAggregate;
  const sources: AsyncIterable<DayObjects | CheckedManifest>[] = [
    checkManifests(archive, accountAggregate, ledgerManifests),
    ...aggregate.prefixes(account).map((prefix) => byDay(archive.list(prefix))),
  ];
  for await (const { day, items } of joinDays(sources)) {
    const checked = items.find((item) => item !== undefined && "manifest" in item) as CheckedManifest | undefined;
    const listed = items.flatMap((item) => (item && "objects" in item ? item.objects : []));
    yield { checked: checked ?? withoutManifest(day), listed };
  }
}

function withoutManifest(day: Day): CheckedManifest {
  return { day, manifest: undefined, references: [], required: false, findings: [] };
}

function* objectsToCheck(
  references: readonly ReferencedObject[],
  listed: readonly ListedObject[],
): Generator<ObjectToCheck> {
  const byKey = new Map(listed.map((object) => [object.key, object]));
  for (const reference of references) yield { reference, listed: byKey.get(reference.key) };
}

function unexpectedDetail(manifest: DayManifest | undefined): string {
  return manifest ? "the day is closed, but its manifest does not reference it" : "its day has no manifest";
}
