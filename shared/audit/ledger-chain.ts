import { type Finding, finding } from "../core/finding.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { LedgerId, StoredEntry } from "../storage/ledger-file.ts";

/** A ledger entry, or the finding if it is unreadable. */
export interface Link {
  readonly number: number;
  readonly read: StoredEntry | Finding;
}

/** The entries of a ledger checked so far. They are added in the order of their numbers. */
export interface Chain {
  /** Returns the findings of the next entry, and of a gap before it. */
  readonly add: (link: Link) => readonly Finding[];
  /** The entry added last; undefined if it is unreadable. */
  readonly head: () => { readonly number: number; readonly sha256: string } | undefined;
}

/** Creates the check of a chain, to which entries are added in order of their numbers. */
export function createChain(ledger: LedgerId): Chain {
  let expected = 1;
  /** Undefined after a gap or an unreadable entry, whose hash cannot be compared. */
  let last: StoredEntry | undefined;
  return {
    add: ({ number, read }) => {
      const gap = number > expected ? [missing(ledger, expected, number - 1)] : [];
      const previous = gap.length > 0 ? undefined : last;
      expected = number + 1;
      last = "code" in read ? undefined : read;
      return [
        ...gap,
        ...("code" in read ? [read] : chainFindings(read, { account: ledger.account, number, previous })),
      ];
    },
    head: () => last && { number: expected - 1, sha256: last.sha256 },
  };
}

function missing({ aggregate, account }: LedgerId, from: number, to: number): Finding {
  const detail = from === to ? "the ledger has a gap here" : `entries ${from} to ${to} are missing`;
  return finding("ledger-entry-missing", aggregateKeys[aggregate].ledgerEntry(account, from), detail);
}

interface ChainPosition {
  readonly account: string;
  readonly number: number;
  readonly previous: StoredEntry | undefined;
}

function chainFindings({ key, entry }: StoredEntry, { account, number, previous }: ChainPosition): Finding[] {
  const broken = (detail: string) => [finding("ledger-chain-broken", key, detail)];
  if (entry.account !== account) return broken("it belongs to another account");
  if (entry.number !== number) return broken(`its content has number ${entry.number}`);
  if (number === 1) return entry.previousSha256 === undefined ? [] : broken("it has an entry before the first");
  if (previous && entry.previousSha256 !== previous.sha256)
    return broken("its previousSha256 is not the hash of the entry before it");
  return entry.previousSha256 === undefined ? broken("it has no previousSha256") : [];
}
