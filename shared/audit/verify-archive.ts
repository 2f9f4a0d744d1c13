import type { Bucket, ListedObject } from "../aws/bucket.ts";
import { orderedProgress } from "../core/async/ordered-progress.ts";
import type { AggregateName } from "../core/day-aggregate.ts";
import type { DayManifest } from "../core/day-manifest.ts";
import type { Day } from "../core/time/days.ts";
import type { AuditedAggregate, ReferencedObject } from "./audited-aggregate.ts";
import { auditedCalls } from "./audited-calls.ts";
import { byDay, type DayObjects, joinDays } from "./by-day.ts";
import { type Anchor, checkLedger } from "./check-ledger.ts";
import { type AccountAggregate, type CheckedManifest, checkManifests } from "./check-manifests.ts";
import { checkObject, type Depth, type ObjectToCheck } from "./check-object.ts";
import { type Finding, finding } from "./findings.ts";
import type { CheckSignature } from "./signature-check.ts";

export interface VerifyOptions {
  /** Best over a client with `responseChecksumValidation: "WHEN_REQUIRED"`: else the SDK breaks off where damage would be found. */
  readonly archive: Bucket;
  readonly account: string;
  /** What of the account's archive. @default its calls and recordings */
  readonly aggregate?: AuditedAggregate;
  /** @default checksums */
  readonly depth?: Depth;
  /** Told of each finding as soon as it is made. */
  readonly onFinding: (finding: Finding) => void;
  readonly checkSignature?: CheckSignature | undefined;
  /** The first entry that has to be signed, where signatures are checked. @default 1 */
  readonly signedFrom?: number | undefined;
  readonly anchor?: Anchor | undefined;
}

/** What was looked at, and how much of it was wrong. */
export interface Verification {
  readonly aggregate: AggregateName;
  readonly account: string;
  readonly entries: number;
  /** The ledger's newest entry: noted elsewhere, it shows later that nothing was cut off. */
  readonly head: Anchor | undefined;
  /** The newest entry whose signature was checked and holds; 0: none. */
  readonly signedUpTo: number;
  readonly days: number;
  readonly closed: number;
  readonly objects: number;
  readonly bytes: number;
  /** Objects in open days that no manifest names yet: the next run will. */
  readonly notYetInManifest: number;
  /** Objects of days whose manifest is gone or none: nothing says what they have to be. */
  readonly notChecked: number;
  readonly findings: number;
}

const checksAtOnce = 64;

/**
 * Verifies a aggregate of an account's archive in constant memory: the ledger is unbroken, manifests match it, every object that
 * they name is there as it was stored, and closed days hold nothing unnamed.
 */
export async function verifyArchive(options: VerifyOptions): Promise<Verification> {
  const { archive, account, aggregate = auditedCalls, depth = "checksums", onFinding } = options;
  const ledger = await checkLedger({ ...options, of: { aggregate: aggregate.name, account } });
  const counts = { days: 0, closed: 0, objects: 0, bytes: 0, notYetInManifest: 0, notChecked: 0, findings: 0 };
  const report = (findings: readonly Finding[]) => {
    counts.findings += findings.length;
    for (const each of findings) onFinding(each);
  };
  report(ledger.findings);
  const checks = async function* (): AsyncGenerator<ObjectToCheck> {
    for await (const { checked, listed } of daysOf(archive, { account, aggregate }, ledger.manifests)) {
      const { manifest, named, due, findings } = checked;
      report(findings);
      if (due) counts.days++;
      if (manifest?.status === "closed") counts.closed++;
      const keys = new Set(named.map(({ key }) => key));
      const unnamed = listed.filter(({ key }) => !keys.has(key));
      if (manifest?.status === "open") counts.notYetInManifest += unnamed.length;
      // One line says that a day's manifest is gone; a thousand more would hide it.
      else if (!manifest && due) counts.notChecked += unnamed.length;
      else report(unnamed.map(({ key }) => finding("object-unexpected", key, unnamedIn(manifest))));
      yield* checksOf(named, listed);
    }
  };
  const work = async (check: ObjectToCheck) => {
    counts.objects++;
    counts.bytes += check.named.bytes;
    report(await checkObject(archive, depth, check));
  };
  for await (const _done of orderedProgress(checks(), { alreadyDone: 0, concurrency: checksAtOnce }, work));
  const { entries, head, signedUpTo } = ledger;
  return { aggregate: aggregate.name, account, entries, head, signedUpTo, ...counts };
}

/** Every day that has a manifest, an entry, or any object, with all that lies in it. */
async function* daysOf(archive: Bucket, of: AccountAggregate, entered: Parameters<typeof checkManifests>[2]) {
  const sources: AsyncIterable<DayObjects | CheckedManifest>[] = [
    checkManifests(archive, of, entered),
    ...of.aggregate.prefixes(of.account).map((prefix) => byDay(archive.list(prefix))),
  ];
  for await (const { day, of: has } of joinDays(sources)) {
    const checked = has.find((each) => each !== undefined && "manifest" in each) as CheckedManifest | undefined;
    const listed = has.flatMap((each) => (each && "objects" in each ? each.objects : []));
    yield { checked: checked ?? withoutManifest(day), listed };
  }
}

function withoutManifest(day: Day): CheckedManifest {
  return { day, manifest: undefined, named: [], due: false, findings: [] };
}

function* checksOf(named: readonly ReferencedObject[], listed: readonly ListedObject[]): Generator<ObjectToCheck> {
  const byKey = new Map(listed.map((object) => [object.key, object]));
  for (const object of named) yield { named: object, listed: byKey.get(object.key) };
}

function unnamedIn(manifest: DayManifest | undefined): string {
  return manifest ? "the day is closed, and its manifest does not name it" : "its day has no manifest";
}
