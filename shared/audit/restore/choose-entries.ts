import type { ObjectVersion } from "../../aws/object-versions.ts";
import type { StoredEntry } from "../../storage/ledger-file.ts";
import type { Anchor } from "../check-ledger.ts";

/** A version of an entry's key that may be what a run wrote: an entry of this number, with a valid signature if that is checked. */
export interface EntryCandidate extends StoredEntry {
  readonly version: ObjectVersion;
}

/** The key of one entry. */
export interface EntryVersions {
  readonly number: number;
  /** Newest first. */
  readonly versions: readonly ObjectVersion[];
  /** Oldest first. */
  readonly candidates: readonly EntryCandidate[];
}

/** Which version of an entry's key a run wrote. */
export interface EntryChoice extends EntryVersions {
  /** `lost`: no version fits the next entry. `unexpected`: it follows no entry. `undecided`: only a proof would tell. */
  readonly type: "chosen" | "lost" | "unexpected" | "undecided";
  readonly chosen: EntryCandidate | undefined;
  /** True if an unbroken chain from the first entry, a checked signature or the anchor shows that a run wrote it. */
  readonly isProven: boolean;
}

export interface ChooseEntriesOptions {
  readonly anchor?: Anchor | undefined;
  /** True if every candidate that must be signed has a valid signature. */
  readonly areSigned: boolean;
  /** Versions of the newest entry that may be a run's although they follow no entry. */
  readonly intended: ReadonlySet<EntryCandidate>;
}

interface Evidence extends ChooseEntriesOptions {
  readonly linked: ReadonlySet<EntryCandidate>;
  readonly hasSignatures: boolean;
}

/**
 * Chooses, from the newest entry to the first, the versions that runs wrote. Each entry names the hash of the one before. A run
 * writes a key once, so that of several newest entries it is the oldest.
 * @param keys sorted by number
 */
export function chooseEntries(keys: readonly EntryVersions[], options: ChooseEntriesOptions): readonly EntryChoice[] {
  const linked = linkedCandidates(keys, options);
  const hasSignatures = keys.some(({ candidates }) => candidates.some(({ entry }) => entry.signature !== undefined));
  const evidence = { ...options, linked, hasSignatures };
  const choices: EntryChoice[] = [];
  let next: EntryCandidate | undefined;
  for (const key of keys.toReversed()) {
    const wanted = next?.entry.number === key.number + 1 ? next.entry.previousSha256 : undefined;
    const choice = wanted === undefined ? chooseNewest(key, evidence) : chooseByHash(key, linked, wanted);
    choices.unshift(choice);
    next = choice.chosen ?? next;
  }
  return withProofs(choices, options);
}

function chooseByHash(key: EntryVersions, linked: ReadonlySet<EntryCandidate>, wanted: string): EntryChoice {
  const chosen = key.candidates.find(({ sha256 }) => sha256 === wanted);
  if (chosen) return { ...key, type: "chosen", chosen, isProven: true };
  return { ...key, type: "lost", chosen: key.candidates.find((each) => linked.has(each)), isProven: false };
}

/** Chooses among versions of which no later entry names one. */
function chooseNewest(key: EntryVersions, { linked, hasSignatures, anchor, areSigned }: Evidence): EntryChoice {
  const fitting = key.candidates.filter((each) => linked.has(each));
  const [oldest] = fitting;
  if (!oldest) return { ...key, type: "unexpected", chosen: undefined, isProven: false };
  const isShownToBeOurs = areSigned || anchor?.number === key.number;
  // A restoration may have hidden it, because it had no valid signature.
  const mayBeForged = key.versions[0]?.isMarker === true && hasSignatures;
  if (isShownToBeOurs || !(mayBeForged || hasRival(key, fitting)))
    return { ...key, type: "chosen", chosen: oldest, isProven: true };
  const chosen = fitting.find(({ version }) => version.isLatest);
  return { ...key, type: "undecided", chosen, isProven: false };
}

/** True if a run may have written another entry than the oldest. */
function hasRival({ versions }: EntryVersions, [oldest, ...others]: readonly EntryCandidate[]): boolean {
  return others.some(({ sha256, version }) => sha256 !== oldest?.sha256 && mayBeCreated(versions, version));
}

/** A run writes only where no object is shown. Of what happened in one second S3 does not tell the order. */
function mayBeCreated(versions: readonly ObjectVersion[], version: ObjectVersion): boolean {
  const older = versions[versions.indexOf(version) + 1];
  if (older === undefined || older.isMarker) return true;
  const seconds = [version, older].map(({ lastModified }) => lastModified.getTime());
  return versions.some(({ isMarker, lastModified }) => isMarker && seconds.includes(lastModified.getTime()));
}

/**
 * Returns the candidates that follow a candidate before them, or whose key is the first or the first after a gap. With an anchor,
 * those that do not lead to it are left out.
 */
function linkedCandidates(
  keys: readonly EntryVersions[],
  { anchor, intended }: ChooseEntriesOptions,
): ReadonlySet<EntryCandidate> {
  const linked = new Set<EntryCandidate>();
  const isOurs = createAnchorCheck(keys, anchor);
  let before: EntryVersions | undefined;
  for (const key of keys) {
    const previous = before?.number === key.number - 1 ? before.candidates : [];
    for (const candidate of key.candidates) {
      const { previousSha256 } = candidate.entry;
      const isFirst = key.number === 1 && previousSha256 === undefined;
      const isAfterGap = key.number > 1 && previous.length === 0;
      const follows = isFirst || isAfterGap || previous.some(({ sha256 }) => sha256 === previousSha256);
      if (isOurs(key.number, candidate) && (follows || intended.has(candidate))) linked.add(candidate);
    }
    before = key;
  }
  return linked;
}

/** Returns a check, for candidates in order, of whether one leads to the anchor or lies before it. */
function createAnchorCheck(keys: readonly EntryVersions[], anchor: Anchor | undefined) {
  const isAnchor = (number: number, { sha256 }: EntryCandidate) =>
    anchor?.number === number && anchor.sha256 === sha256;
  const isStored = keys.some(({ number, candidates }) => candidates.some((each) => isAnchor(number, each)));
  const leading = new Set<string>();
  return (number: number, candidate: EntryCandidate): boolean => {
    if (!anchor || !isStored || number < anchor.number) return true;
    const leads = isAnchor(number, candidate) || leading.has(candidate.entry.previousSha256 ?? "");
    if (leads) leading.add(candidate.sha256);
    return leads;
  };
}

/** After a gap or a lost entry nothing is proven any more, except by signatures or the anchor. */
function withProofs(choices: readonly EntryChoice[], { anchor, areSigned }: ChooseEntriesOptions): EntryChoice[] {
  let previous: EntryChoice | undefined;
  let isUnbroken = true;
  return choices.map((choice) => {
    const isNext = choice.number === (previous?.number ?? 0) + 1;
    const follows = isNext && (choice.number === 1 || choice.chosen?.entry.previousSha256 === previous?.chosen?.sha256);
    const isAnchor = anchor?.number === choice.number && anchor.sha256 === choice.chosen?.sha256;
    isUnbroken = isAnchor || (isUnbroken && follows);
    if (choice.chosen) previous = choice;
    return { ...choice, isProven: choice.isProven && choice.chosen !== undefined && (isUnbroken || areSigned) };
  });
}
