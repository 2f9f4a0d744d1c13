import { aggregateKeys } from "../../../shared/core/object-keys.ts";
import { account } from "./archive-lab.ts";
import { first, fourth, second, third } from "./sample-archive.ts";
import type { Tamper } from "./tamper.ts";
import type { Tampering } from "./tampering.ts";

const entry = (number: number) => aggregateKeys.calls.ledgerEntry(account, number);
const manifest = (day: string) => aggregateKeys.calls.manifest(account, day);
const notEntered = (...days: readonly string[]) => days.map((day) => `manifest-not-in-ledger ${manifest(day)}`);

/** What someone may do to the ledger of the sample archive. */
export const ledgerTampering: readonly Tampering<Tamper>[] = [
  {
    what: "the first entry removed",
    by: (tampering) => tampering.remove(entry(1)),
    findingLines: [`ledger-entry-missing ${entry(1)}`],
  },
  {
    what: "an entry removed between others",
    by: (tampering) => tampering.remove(entry(2)),
    findingLines: [`ledger-entry-missing ${entry(2)}`, ...notEntered(first, second)],
    restorationLines: [`ledger-entry-missing ${entry(2)}`],
  },
  {
    what: "the newest entry removed",
    by: (tampering) => tampering.remove(entry(3)),
    findingLines: notEntered(third, fourth),
    restorationLines: [`ledger-entry-missing ${entry(3)}`],
  },
  {
    what: "every entry removed",
    by: (tampering) => Promise.all([1, 2, 3].map((number) => tampering.remove(entry(number)))),
    findingLines: [
      `ledger-missing ${aggregateKeys.calls.ledgerPrefix(account)}`,
      ...notEntered(first, second, third, fourth),
    ],
    restorationLines: [1, 2, 3].map((number) => `ledger-entry-missing ${entry(number)}`),
  },
  {
    what: "an entry altered",
    by: async (tampering) =>
      tampering.put(entry(2), JSON.stringify({ ...(await tampering.entry(2)), at: "2026-01-01T00:00:00Z" })),
    findingLines: [`ledger-chain-broken ${entry(3)}`],
    restorationLines: [`ledger-chain-broken ${entry(2)}`],
  },
  {
    what: "two entries swapped",
    by: (tampering) => tampering.swap(entry(1), entry(2)),
    findingLines: [
      `ledger-chain-broken ${entry(1)}`,
      `ledger-chain-broken ${entry(2)}`,
      `ledger-chain-broken ${entry(3)}`,
      ...notEntered(first, second),
      ...[first, second].map((day) => `manifest-rolled-back ${manifest(day)}`),
    ],
    restorationLines: [1, 2].map((number) => `ledger-chain-broken ${entry(number)}`),
  },
  {
    what: "an entry replaced by something else",
    by: (tampering) => tampering.put(entry(2), "{}"),
    findingLines: [`ledger-entry-unreadable ${entry(2)}`, ...notEntered(first, second)],
    restorationLines: [`ledger-chain-broken ${entry(2)}`],
  },
  {
    what: "an entry of another account's put in an entry's place",
    by: async (tampering) => tampering.forge({ ...(await tampering.entry(3)), account: "8" }),
    findingLines: [`ledger-chain-broken ${entry(3)}`],
  },
  {
    what: "an entry added that does not name the one before it",
    by: async (tampering) =>
      tampering.put(entry(4), JSON.stringify({ ...(await tampering.entry(3)), number: 4, manifests: [] })),
    findingLines: [`ledger-chain-broken ${entry(4)}`],
  },
  {
    what: "an entry added that names none before it",
    by: async (tampering) => {
      const { previousSha256, ...last } = await tampering.entry(3);
      await tampering.put(entry(4), JSON.stringify({ ...last, number: 4, manifests: [] }));
    },
    findingLines: [`ledger-chain-broken ${entry(4)}`],
  },
  {
    what: "a first entry that names one before it",
    by: async (tampering) =>
      tampering.put(entry(1), JSON.stringify({ ...(await tampering.entry(1)), previousSha256: "none" })),
    findingLines: [`ledger-chain-broken ${entry(1)}`, `ledger-chain-broken ${entry(2)}`],
    restorationLines: [`ledger-chain-broken ${entry(1)}`],
  },
  {
    what: "an entry put at a number far away",
    by: async (tampering) => tampering.put(entry(99_999_999), await tampering.read(entry(3))),
    findingLines: [
      `ledger-chain-broken ${entry(99_999_999)}`,
      `ledger-entry-missing ${entry(4)}`,
      ...[third, fourth].map((day) => `manifest-rolled-back ${manifest(day)}`),
    ],
    restorationLines: [`ledger-chain-broken ${entry(99_999_999)}`],
  },
  {
    what: "something put among the entries",
    by: async (tampering) => {
      const strays = ["2.json", "00000002x.json", "00000000.json", "00000NaN.json", "head"];
      for (const name of strays)
        await tampering.put(`${aggregateKeys.calls.ledgerPrefix(account)}${name}`, await tampering.read(entry(2)));
    },
    findingLines: ["00000000.json", "00000002x.json", "00000NaN.json", "2.json", "head"].map(
      (name) => `object-unexpected ${aggregateKeys.calls.ledgerPrefix(account)}${name}`,
    ),
  },
];
