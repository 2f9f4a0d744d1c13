import { type Bucket, toBody } from "../aws/bucket.ts";
import { prefetch } from "../core/async/prefetch.ts";
import { type MarkerStatus, parseMarkers } from "../core/calls/closed-markers.ts";
import type { DayManifest } from "../core/day-manifest.ts";
import { aggregateKeys, archiveKeys, dayInKey } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { JobError } from "../errors.ts";
import type { AuditedAggregate, AuditedManifest, ReferencedObject } from "./audited-aggregate.ts";
import type { LedgerManifest } from "./check-ledger.ts";
import { type Finding, finding } from "./findings.ts";

/** A day's manifest, as far as it can be read, and what is wrong with it. */
export interface CheckedManifest {
  readonly day: Day;
  readonly manifest: DayManifest | undefined;
  /** What it names. */
  readonly named: readonly ReferencedObject[];
  /** Whether there has to be one. */
  readonly due: boolean;
  readonly findings: readonly Finding[];
}

const readsAtOnce = 4;

/** Whose manifests they are. */
export interface AccountAggregate {
  readonly account: string;
  readonly aggregate: AuditedAggregate;
}

/** Every manifest of the account, and every one that the ledger or a marker knows, by day; each held against the ledger. */
export async function* checkManifests(
  archive: Bucket,
  of: AccountAggregate,
  entered: ReadonlyMap<Day, LedgerManifest>,
): AsyncGenerator<CheckedManifest> {
  const listed = await listDays(archive, of);
  const days = new Set([...entered.keys(), ...listed.days]);
  yield* prefetch([...days].sort(), readsAtOnce, async (day) => {
    const marker = listed.markers.get(day);
    const checked = await checkManifest(archive, { ...of, day, entered: entered.get(day), marker });
    return { ...checked, findings: [...checked.findings, ...(listed.strays.get(day) ?? [])] };
  });
}

/** A day's newest marker. */
interface Marker {
  readonly key: string;
  readonly mark: MarkerStatus;
}

/** What the listings of manifests and markers show, and what lies among them without being one. */
async function listDays(archive: Bucket, { account, aggregate }: AccountAggregate) {
  const keys = aggregateKeys[aggregate.name];
  const days = new Set<Day>();
  const markers = new Map<Day, Marker>();
  const strays = new Map<Day, Finding[]>();
  const stray = (key: string, day: Day) => {
    const found = finding("object-unexpected", key, "nothing of the archive is called so");
    strays.set(day, [...(strays.get(day) ?? []), found]);
  };
  for await (const { key } of archive.list(keys.manifestsPrefix(account))) {
    const day = dayInKey(key) ?? "";
    days.add(day);
    if (key !== keys.manifest(account, day)) stray(key, day);
  }
  if (!aggregate.hasMarkers) return { days, markers, strays };
  for await (const { key } of archive.list(archiveKeys.markersPrefix(account))) {
    const day = dayInKey(key) ?? "";
    const mark = parseMarkers([key]).get(day);
    days.add(day);
    if (mark === undefined) stray(key, day);
    else {
      const known = markers.get(day);
      const latest = parseMarkers([...(known ? [known.key] : []), key]).get(day);
      if (!known || latest === mark) markers.set(day, { key, mark });
    }
  }
  return { days, markers, strays };
}

interface ManifestToCheck extends AccountAggregate {
  readonly day: Day;
  readonly entered: LedgerManifest | undefined;
  readonly marker: Marker | undefined;
}

async function checkManifest(archive: Bucket, check: ManifestToCheck): Promise<CheckedManifest> {
  const { account, aggregate, day, entered, marker } = check;
  const key = aggregateKeys[aggregate.name].manifest(account, day);
  const none = (...findings: readonly Finding[]) => ({
    ...{ day, manifest: undefined, named: [], due: findings.length > 0, findings },
  });
  const stored = await archive.get(key);
  if (!stored) {
    const knownBy = entered ? "the ledger" : marker && `the marker ${marker.key}`;
    return knownBy ? none(finding("manifest-missing", key, `${knownBy} knows it`)) : none();
  }
  const read = manifestOrFinding(aggregate, stored.body, key);
  if ("code" in read) return none(read);
  const { manifest, named } = read;
  const findings = entryFindings(key, { manifest, sha256: toBody(stored.body).sha256, entered });
  if (manifest.day !== day || manifest.account !== account)
    return none(...findings, finding("manifest-misplaced", key, "it is another day's, or another account's"));
  return { day, manifest, named, due: true, findings: [...findings, ...markerFindings(check, manifest)] };
}

function manifestOrFinding(aggregate: AuditedAggregate, body: Buffer, key: string): AuditedManifest | Finding {
  try {
    return aggregate.read(body, key);
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    return finding("manifest-unreadable", key, error.message);
  }
}

/** A day that was never closed is open without a marker. */
function markerFindings({ account, aggregate, day, marker }: ManifestToCheck, { status }: DayManifest): Finding[] {
  if (!aggregate.hasMarkers || (marker?.mark ?? "open") === status) return [];
  const says = marker ? `it says ${marker.mark}` : "it is missing";
  const key = marker?.key ?? archiveKeys.closedMarker(account, day);
  return [finding("marker-mismatch", key, `${says}, and the manifest is ${status}`)];
}

interface HeldAgainstLedger {
  readonly manifest: DayManifest;
  readonly sha256: string;
  readonly entered: LedgerManifest | undefined;
}

function entryFindings(key: string, { manifest, sha256, entered }: HeldAgainstLedger): Finding[] {
  if (!entered) return [finding("manifest-not-in-ledger", key, "no entry of the ledger names it")];
  if (entered.sha256 === sha256) return [];
  const { revision, previousSha256 } = manifest;
  const ahead = revision - entered.revision;
  // Between two entries a killed run and the next may have written one each; what follows at once has to name the other.
  const mayFollow = ahead > 1 || (ahead === 1 && previousSha256 === entered.sha256);
  return mayFollow
    ? [finding("manifest-not-in-ledger", key, `no entry names its revision ${revision}, only ${entered.revision}`)]
    : [finding("manifest-altered", key, `it is not revision ${entered.revision} as the ledger has it`)];
}
