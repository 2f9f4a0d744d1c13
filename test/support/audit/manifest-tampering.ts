import { aggregateKeys } from "../../../shared/core/object-keys.ts";
import { account } from "./archive-lab.ts";
import { first, fourth, second, third } from "./sample-archive.ts";
import type { Tamper } from "./tamper.ts";
import type { Tampering } from "./tampering.ts";

const manifest = (day: string) => aggregateKeys.calls.manifest(account, day);

/** What someone may do to the manifests of the sample archive. */
export const manifestTampering: readonly Tampering<Tamper>[] = [
  {
    what: "a state edited",
    by: (tampering) =>
      tampering.editManifest(first, ({ recordings: [a, ...rest], ...others }) => ({
        ...others,
        recordings: a ? [{ ...a, state: "lost" }, ...rest] : rest,
      })),
    findingLines: [`manifest-altered ${manifest(first)}`],
  },
  {
    what: "a count edited",
    by: (tampering) =>
      tampering.editManifest(second, ({ totals, ...rest }) => ({ ...rest, totals: { ...totals, lost: 1 } })),
    findingLines: [`manifest-altered ${manifest(second)}`],
  },
  {
    what: "an ETag edited, while the object has the same SHA-256",
    by: (tampering) =>
      tampering.editManifest(first, ({ calls, ...rest }) => ({ ...rest, calls: calls && { ...calls, etag: "other" } })),
    findingLines: [`manifest-altered ${manifest(first)}`],
  },
  {
    what: "a hash edited",
    by: (tampering) =>
      tampering.editManifest(first, ({ calls, ...rest }) => ({
        ...rest,
        calls: calls && { ...calls, sha256: "other" },
      })),
    findingLines: [`manifest-altered ${manifest(first)}`],
  },
  {
    what: "only its spaces edited",
    by: async (tampering) => tampering.put(manifest(first), JSON.stringify(await tampering.manifest(first))),
    findingLines: [`manifest-altered ${manifest(first)}`],
  },
  {
    what: "a revision of its own that names no other before it",
    by: (tampering) =>
      tampering.editManifest(first, ({ previousSha256, ...rest }) => ({ ...rest, revision: rest.revision + 1 })),
    findingLines: [`manifest-altered ${manifest(first)}`],
  },
  {
    what: "a revision of its own that names the one before it, as a run's would",
    by: (tampering) => tampering.reviseManifest(first, (same) => same),
    findingLines: [`manifest-not-in-ledger ${manifest(first)}`],
  },
  {
    what: "two manifests swapped",
    by: (tampering) => tampering.swap(manifest(first), manifest(second)),
    findingLines: [first, second].flatMap((day) => [
      `manifest-altered ${manifest(day)}`,
      `manifest-misplaced ${manifest(day)}`,
    ]),
    restorationLines: [first, second].map((day) => `manifest-altered ${manifest(day)}`),
  },
  {
    what: "a manifest removed",
    by: (tampering) => tampering.remove(manifest(first)),
    findingLines: [`manifest-missing ${manifest(first)}`],
  },
  {
    what: "a manifest replaced by something else",
    by: (tampering) => tampering.put(manifest(third), "{}"),
    findingLines: [`manifest-unreadable ${manifest(third)}`],
  },
  {
    what: "a manifest put in for a day that was never archived",
    by: async (tampering) =>
      tampering.put(
        manifest("2026-10-30"),
        JSON.stringify({ ...(await tampering.manifest(fourth)), day: "2026-10-30" }),
      ),
    // What it names is not listed under its day, and is there all the same.
    findingLines: [`manifest-not-in-ledger ${manifest("2026-10-30")}`],
  },
  {
    what: "something put among the manifests",
    by: (tampering) =>
      Promise.all([
        tampering.put(`${manifest(first)}.bak`, "{}"),
        tampering.put("manifests/account=7/date=x.json", "{}"),
      ]),
    findingLines: [`object-unexpected ${manifest(first)}.bak`, "object-unexpected manifests/account=7/date=x.json"],
  },
];
