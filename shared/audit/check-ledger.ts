import type { Bucket } from "../aws/bucket.ts";
import { prefetch } from "../core/async/prefetch.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { JobError } from "../errors.ts";
import { isLedgerKey, type LedgerId, readLedgerEntry, type StoredEntry } from "../storage/ledger-file.ts";
import { type Finding, finding } from "./findings.ts";
import { createChain, type Link } from "./ledger-chain.ts";
import type { CheckSignature } from "./signature-check.ts";

/** A manifest as the ledger knows it last. */
export type LedgerManifest = LedgerEntry["manifests"][number];

/** An entry that somebody noted earlier, elsewhere: it must still be there, and with it everything before. */
export interface Anchor {
  readonly number: number;
  readonly sha256: string;
}

export interface LedgerCheck {
  readonly findings: readonly Finding[];
  readonly entries: number;
  /** The newest entry: to be noted elsewhere, as the anchor of a later check. */
  readonly head: Anchor | undefined;
  /** The newest entry whose signature was checked and holds; 0: none. */
  readonly signedUpTo: number;
  readonly manifests: ReadonlyMap<Day, LedgerManifest>;
}

export interface LedgerCheckOptions {
  readonly archive: Bucket;
  readonly of: LedgerId;
  readonly checkSignature?: CheckSignature | undefined;
  /** The first entry that has to be signed, where signatures are checked. @default 1 */
  readonly signedFrom?: number | undefined;
  readonly anchor?: Anchor | undefined;
}

const readsAtOnce = 16;

/** Walks a ledger from its first entry to its last: unbroken, each naming the hash of the one before. */
export async function checkLedger(options: LedgerCheckOptions): Promise<LedgerCheck> {
  const { archive, of, anchor } = options;
  const { entries, strays } = await listEntries(archive, of);
  const findings: Finding[] = strays.map((key) =>
    finding("object-unexpected", key, "no entry of the ledger is called so"),
  );
  if (entries.length === 0)
    findings.push(finding("ledger-missing", aggregateKeys[of.aggregate].ledgerPrefix(of.account), "no entry is there"));
  const chain = createChain(of);
  const manifests = new Map<Day, LedgerManifest>();
  let signedUpTo = 0;
  let anchored = anchor === undefined;
  for await (const link of prefetch(entries, readsAtOnce, (key) => readLink(archive, key))) {
    findings.push(...chain.add(link));
    if ("code" in link.read) continue;
    const { entry, sha256 } = link.read;
    findings.push(...enter(manifests, of, entry));
    const unproved = await checkProof(link.number, link.read, options);
    if (unproved) findings.push(unproved);
    else if (options.checkSignature && entry.signature !== undefined) signedUpTo = link.number;
    anchored ||= anchor?.number === link.number && anchor.sha256 === sha256;
  }
  if (!anchored) findings.push(anchorMissing(of, anchor?.number ?? 0));
  return { findings, entries: entries.length, head: chain.head(), signedUpTo, manifests };
}

/** Notes what an entry names, and tells of what an earlier one had further. */
function enter(
  manifests: Map<Day, LedgerManifest>,
  { aggregate, account }: LedgerId,
  { number, manifests: named }: LedgerEntry,
) {
  const findings: Finding[] = [];
  for (const manifest of named) {
    const { day, revision } = manifest;
    const before = manifests.get(day);
    const detail = `entry ${number} has revision ${revision} after ${before?.revision}`;
    if (before && before.revision >= revision)
      findings.push(finding("manifest-rolled-back", aggregateKeys[aggregate].manifest(account, day), detail));
    manifests.set(day, manifest);
  }
  return findings;
}

async function checkProof(
  number: number,
  stored: StoredEntry,
  { checkSignature, signedFrom = 1 }: LedgerCheckOptions,
): Promise<Finding | undefined> {
  if (!checkSignature) return undefined;
  if (stored.entry.signature !== undefined) return checkSignature(stored);
  return number < signedFrom ? undefined : finding("ledger-signature-missing", stored.key, "it is not signed");
}

function anchorMissing({ aggregate, account }: LedgerId, number: number): Finding {
  return finding(
    "ledger-anchor-missing",
    aggregateKeys[aggregate].ledgerEntry(account, number),
    "no entry has the hash noted",
  );
}

async function readLink(archive: Bucket, key: string): Promise<Link> {
  const number = numberIn(key);
  try {
    return { number, read: await readLedgerEntry(archive, key) };
  } catch (error) {
    if (!(error instanceof JobError) || error.code !== "STORAGE_INVALID") throw error;
    return { number, read: finding("ledger-entry-unreadable", key, error.message) };
  }
}

/** The keys of the entries, and of what else lies among them: taken for an entry, it would hide that one is missing. */
async function listEntries(archive: Bucket, of: LedgerId) {
  const entries: string[] = [];
  const strays: string[] = [];
  for await (const { key } of archive.list(aggregateKeys[of.aggregate].ledgerPrefix(of.account))) {
    const isEntry = isLedgerKey(of, key) && numberIn(key) > 0;
    (isEntry ? entries : strays).push(key);
  }
  return { entries, strays };
}

function numberIn(key: string): number {
  return Number(/(\d+)\.json$/.exec(key)?.[1] ?? 0);
}
