import { aggregateKeys } from "../core/object-keys.ts";
import type { LedgerId, StoredEntry } from "../storage/ledger-file.ts";
import { type Finding, finding } from "./findings.ts";

/** What lies at an entry's place: the entry, or what is wrong with it. */
export interface Link {
  readonly number: number;
  readonly read: StoredEntry | Finding;
}

/** The entries of a ledger, as far as they have been walked; they are added in the order of their numbers. */
export interface Chain {
  /** Tells what is wrong with an entry in its place. */
  readonly add: (link: Link) => readonly Finding[];
  /** The entry added last, if it could be read. */
  readonly head: () => { readonly number: number; readonly sha256: string } | undefined;
}

export function createChain(of: LedgerId): Chain {
  let expected = 1;
  /** Undefined after a gap or an unreadable entry, whose hash cannot be compared. */
  let last: StoredEntry | undefined;
  return {
    add: ({ number, read }) => {
      const gap = number > expected ? [missing(of, expected, number - 1)] : [];
      const before = gap.length > 0 ? undefined : last;
      expected = number + 1;
      last = "code" in read ? undefined : read;
      return [...gap, ...("code" in read ? [read] : wrongIn(read, { account: of.account, number, before }))];
    },
    head: () => last && { number: expected - 1, sha256: last.sha256 },
  };
}

function missing({ aggregate, account }: LedgerId, from: number, to: number): Finding {
  const detail = from === to ? "the ledger has a gap here" : `the entries ${from} to ${to} are missing`;
  return finding("ledger-entry-missing", aggregateKeys[aggregate].ledgerEntry(account, from), detail);
}

interface Place {
  readonly account: string;
  readonly number: number;
  readonly before: StoredEntry | undefined;
}

function wrongIn({ key, entry }: StoredEntry, { account, number, before }: Place): Finding[] {
  const wrong = (detail: string) => [finding("ledger-chain-broken", key, detail)];
  if (entry.account !== account) return wrong("it is another account's");
  if (entry.number !== number) return wrong(`it says of itself that it is number ${entry.number}`);
  if (number === 1) return entry.previousSha256 === undefined ? [] : wrong("it names one before the first");
  if (before && entry.previousSha256 !== before.sha256)
    return wrong("it names another hash than that of the entry before it");
  return entry.previousSha256 === undefined ? wrong("it names no entry before it") : [];
}
