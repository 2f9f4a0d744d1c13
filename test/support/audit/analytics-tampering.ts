import { gzipSync } from "node:zlib";
import type { Interval } from "../../../shared/core/analytics/analytics-query.ts";
import { aggregateKeys, archiveKeys } from "../../../shared/core/object-keys.ts";
import type { Day } from "../../../shared/core/time/days.ts";
import { account } from "./archive-lab.ts";
import { first, fourth, second, third } from "./sample-archive.ts";
import { type AnalyticsTamper, altered } from "./tamper.ts";
import type { Tampering } from "./tampering.ts";

const responsesKey = (day: Day, interval: Interval = "Day") =>
  archiveKeys.responses(account, day, { group: "Queues", interval });
const manifest = (day: Day) => aggregateKeys.analytics.manifest(account, day);
const entry = (number: number) => aggregateKeys.analytics.ledgerEntry(account, number);
const altogether = (code: string, ...days: readonly Day[]) => days.map((day) => `${code} ${manifest(day)}`);

const objects: readonly Tampering<AnalyticsTamper>[] = [
  {
    what: "one byte of answers altered",
    by: async (tampering) => tampering.put(responsesKey(first), altered(await tampering.read(responsesKey(first)))),
    findingLines: [`object-changed ${responsesKey(first)}`],
  },
  {
    what: "answers removed",
    by: (tampering) => tampering.remove(responsesKey(second, "Hour")),
    findingLines: [`object-missing ${responsesKey(second, "Hour")}`],
  },
  {
    what: "answers replaced by others of the same length",
    by: async (tampering) =>
      tampering.put(responsesKey(first), Buffer.alloc((await tampering.read(responsesKey(first))).length)),
    findingLines: [`object-changed ${responsesKey(first)}`],
  },
  {
    what: "the answers of two days swapped",
    by: (tampering) => tampering.swap(responsesKey(first), responsesKey(second)),
    findingLines: [`object-changed ${responsesKey(first)}`, `object-changed ${responsesKey(second)}`],
  },
  {
    what: "the answers of two intervals swapped",
    by: (tampering) => tampering.swap(responsesKey(first), responsesKey(first, "Hour")),
    findingLines: [`object-changed ${responsesKey(first)}`, `object-changed ${responsesKey(first, "Hour")}`],
  },
  {
    what: "answers stored again as they were, without their SHA-256",
    by: async (tampering) => tampering.putPlainly(responsesKey(first), await tampering.read(responsesKey(first))),
    from: "checksums",
    findingLines: [`object-changed ${responsesKey(first)}`],
  },
  {
    what: "a byte of answers altered beneath S3",
    by: (tampering) => tampering.alterBeneath(responsesKey(third)),
    from: "bytes",
    findingLines: [`object-corrupt ${responsesKey(third)}`],
  },
  {
    what: "answers put into a closed day",
    by: (tampering) =>
      tampering.put(archiveKeys.responses(account, first, { group: "Users", interval: "Day" }), gzipSync("{}\n")),
    findingLines: [`object-unexpected ${archiveKeys.responses(account, first, { group: "Users", interval: "Day" })}`],
  },
  {
    what: "answers put under a day that was never collected, and beside the days",
    by: (tampering) =>
      Promise.all([
        tampering.put(responsesKey("2026-10-30"), ""),
        tampering.put("analytics/responses/account=7/date=x", ""),
      ]),
    findingLines: [
      `object-unexpected ${responsesKey("2026-10-30")}`,
      "object-unexpected analytics/responses/account=7/date=x",
    ],
  },
];

const manifests: readonly Tampering<AnalyticsTamper>[] = [
  {
    what: "a count edited in a manifest",
    by: (tampering) =>
      tampering.editManifest(first, ({ datasets, ...rest }) => ({
        ...rest,
        datasets: datasets.map((part) => ({ ...part, keys: 1 })),
      })),
    findingLines: altogether("manifest-altered", first),
  },
  {
    what: "an open manifest closed",
    by: (tampering) => tampering.editManifest(fourth, (same) => ({ ...same, status: "closed", openReasons: [] })),
    findingLines: altogether("manifest-altered", fourth),
  },
  {
    what: "a revision of its own that names the one before it, as a run's would",
    by: (tampering) => tampering.reviseManifest(first, (same) => same),
    findingLines: altogether("manifest-not-in-ledger", first),
  },
  {
    what: "two manifests swapped",
    by: (tampering) => tampering.swap(manifest(first), manifest(second)),
    findingLines: [
      ...altogether("manifest-altered", first, second),
      ...altogether("manifest-misplaced", first, second),
    ],
    restorationLines: altogether("manifest-altered", first, second),
  },
  {
    what: "a manifest removed",
    by: (tampering) => tampering.remove(manifest(first)),
    findingLines: altogether("manifest-missing", first),
  },
  {
    what: "a manifest of calls put in the place of one",
    by: async (tampering) =>
      tampering.put(
        manifest(third),
        JSON.stringify({ ...(await tampering.manifest(third)), schema: "nightshift/calls-manifest/1" }),
      ),
    findingLines: altogether("manifest-unreadable", third),
  },
  {
    what: "something put among the manifests",
    by: (tampering) => tampering.put(`${manifest(first)}.bak`, "{}"),
    findingLines: [`object-unexpected ${manifest(first)}.bak`],
  },
];

const ledger: readonly Tampering<AnalyticsTamper>[] = [
  {
    what: "an entry removed between others",
    by: (tampering) => tampering.remove(entry(2)),
    findingLines: [`ledger-entry-missing ${entry(2)}`, ...altogether("manifest-not-in-ledger", second)],
    restorationLines: [`ledger-entry-missing ${entry(2)}`],
  },
  {
    what: "every entry removed",
    by: (tampering) => Promise.all([1, 2, 3].map((number) => tampering.remove(entry(number)))),
    findingLines: [
      `ledger-missing ${aggregateKeys.analytics.ledgerPrefix(account)}`,
      ...altogether("manifest-not-in-ledger", first, second, third, fourth),
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
    what: "something put among the entries",
    by: async (tampering) =>
      tampering.put(`${aggregateKeys.analytics.ledgerPrefix(account)}2.json`, await tampering.read(entry(2))),
    findingLines: [`object-unexpected ${aggregateKeys.analytics.ledgerPrefix(account)}2.json`],
  },
];

/** What someone may do to the analytics of the sample archive. */
export const analyticsTampering: readonly Tampering<AnalyticsTamper>[] = [...objects, ...manifests, ...ledger];
