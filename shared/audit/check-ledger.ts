import type { Bucket } from "../aws/bucket.ts";
import { prefetch } from "../core/async/prefetch.ts";
import { type Finding, finding } from "../core/finding.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { hasCode, JobError } from "../errors.ts";
import {
  isLedgerKey,
  type LedgerId,
  type LedgerManifest,
  readLedgerEntry,
  type StoredEntry,
} from "../storage/ledger-file.ts";
import { createReadGuard, type ReadGuard } from "../storage/read-guard.ts";
import { createChain, type Link } from "./ledger-chain.ts";
import type { CheckSignature } from "./signature-check.ts";

/** A head noted earlier, outside the archive. Its entry must still exist with this hash, which proves every entry before it. */
export interface Anchor {
  readonly number: number;
  readonly sha256: string;
}

/** Result of checking a ledger; `manifests` has the newest ledger item of each day. */
export interface LedgerCheck extends Pick<ReadGuard, "lastRead"> {
  readonly findings: readonly Finding[];
  readonly entries: number;
  /** The newest entry, to be noted as the anchor of a later check. Undefined if it is unreadable. */
  readonly head: Anchor | undefined;
  /** Number of the newest entry with a valid signature; 0 if there is none or signatures were not checked. */
  readonly signedUpTo: number;
  readonly manifests: ReadonlyMap<Day, LedgerManifest>;
}

export interface LedgerCheckOptions {
  readonly archive: Bucket;
  readonly ledger: LedgerId;
  readonly checkSignature?: CheckSignature | undefined;
  /** Number of the first entry that must be signed, if signatures are checked. @default 1 */
  readonly signedFrom?: number | undefined;
  readonly anchor?: Anchor | undefined;
}

const readConcurrency = 16;

/** Checks a ledger from its first entry to its last: no gap, and each entry has the hash of the entry before it. */
export async function checkLedger(options: LedgerCheckOptions): Promise<LedgerCheck> {
  const { archive, ledger, anchor } = options;
  const { entries, strays } = await listEntries(archive, ledger);
  const findings: Finding[] = strays.map((key) =>
    finding("object-unexpected", key, "its name is not that of an entry"),
  );
  if (entries.length === 0) {
    const prefix = aggregateKeys[ledger.aggregate].ledgerPrefix(ledger.account);
    findings.push(finding("ledger-missing", prefix, "the ledger has no entry"));
  }
  const chain = createChain(ledger);
  const manifests = new Map<Day, LedgerManifest>();
  let signedUpTo = 0;
  let hasAnchor = anchor === undefined;
  const guard = createReadGuard();
  for await (const link of prefetch(entries, readConcurrency, (key) => readLink(archive, key, guard))) {
    findings.push(...chain.add(link));
    if ("code" in link.read) continue;
    const { entry, sha256 } = link.read;
    findings.push(...addManifests(manifests, ledger, entry));
    const signatureFinding = await checkEntrySignature(link.number, link.read, options);
    if (signatureFinding) findings.push(signatureFinding);
    else if (options.checkSignature && entry.signature !== undefined) signedUpTo = link.number;
    hasAnchor ||= anchor?.number === link.number && anchor.sha256 === sha256;
  }
  guard.end();
  if (!hasAnchor) findings.push(anchorMissing(ledger, anchor?.number ?? 0));
  const { lastRead } = guard;
  return { findings, entries: entries.length, head: chain.head(), signedUpTo, manifests, lastRead };
}

/** Adds an entry's manifests to `manifests`. Returns a finding for each whose revision is not higher than before. */
function addManifests(
  manifests: Map<Day, LedgerManifest>,
  { aggregate, account }: LedgerId,
  { number, manifests: entryManifests }: LedgerEntry,
) {
  const findings: Finding[] = [];
  for (const manifest of entryManifests) {
    const { day, revision } = manifest;
    const previous = manifests.get(day);
    const detail = `entry ${number} has revision ${revision} after revision ${previous?.revision}`;
    if (previous && previous.revision >= revision)
      findings.push(finding("manifest-rolled-back", aggregateKeys[aggregate].manifest(account, day), detail));
    manifests.set(day, manifest);
  }
  return findings;
}

/** Checks the signature of an entry, if signatures are checked. */
export async function checkEntrySignature(
  number: number,
  stored: StoredEntry,
  { checkSignature, signedFrom = 1 }: Pick<LedgerCheckOptions, "checkSignature" | "signedFrom">,
): Promise<Finding | undefined> {
  if (!checkSignature) return undefined;
  if (stored.entry.signature !== undefined) return checkSignature(stored);
  return number < signedFrom ? undefined : finding("ledger-signature-missing", stored.key, "it has no signature");
}

function anchorMissing({ aggregate, account }: LedgerId, number: number): Finding {
  return finding(
    "ledger-anchor-missing",
    aggregateKeys[aggregate].ledgerEntry(account, number),
    "no entry has the hash of the anchor",
  );
}

async function readLink(archive: Bucket, key: string, guard: ReadGuard): Promise<Link> {
  const number = numberIn(key);
  try {
    const read = await guard.attempt(() => readLedgerEntry(archive, key));
    const isDenied = read instanceof JobError;
    return { number, read: isDenied ? finding("ledger-entry-unreadable", key, read.message) : read };
  } catch (error) {
    if (!hasCode(error, "STORAGE_INVALID")) throw error;
    return { number, read: finding("ledger-entry-unreadable", key, error.message) };
  }
}

/** Lists the keys of the entries, and of other objects beside them: taken for an entry, one would hide a missing entry. */
async function listEntries(archive: Bucket, ledger: LedgerId) {
  const entries: string[] = [];
  const strays: string[] = [];
  for await (const { key } of archive.list(aggregateKeys[ledger.aggregate].ledgerPrefix(ledger.account))) {
    const isEntry = isLedgerKey(ledger, key) && numberIn(key) > 0;
    (isEntry ? entries : strays).push(key);
  }
  return { entries, strays };
}

/** Returns the number in the key of an entry. */
export function numberIn(key: string): number {
  return Number(/(\d+)\.json$/.exec(key)?.[1] ?? 0);
}
