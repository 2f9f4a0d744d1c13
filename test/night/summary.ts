import type { Manifest } from "../../shared/core/manifest.ts";
import { megabytes } from "./progress.ts";
import type { World } from "./world.ts";

type Manifests = Readonly<Record<string, Manifest>>;

/** A row per day: what it holds, and why it is open if it is. */
export function dayLines(manifests: Manifests): string[] {
  const rows = Object.values(manifests).map(({ day, totals, status, open }) => [
    day,
    String(totals.records),
    `${totals.stored} of ${totals.recordings}`,
    megabytes(totals.bytes),
    status === "closed" ? "closed" : `open: ${open.join(", ")}`,
  ]);
  const all = [["day", "calls", "recordings", "audio", "status"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
}

/** Where everything lies, and what a person may want to open first. */
export function totalLines(manifests: Manifests, folder: string): string[] {
  const all = Object.values(manifests);
  const first = all[0];
  if (!first) return ["  Nothing was archived."];
  return [
    "",
    `  ${sum(all, "records")} calls, ${sum(all, "stored")} recordings, ${sum(all, "pending")} pending, ${sum(all, "refused") + sum(all, "absent")} not to be had`,
    "",
    `  The archive         ${folder}/`,
    ...(first.index ? [`  A day as a table    ${folder}/${first.index.key}`] : []),
    ...(first.calls ? [`  Its raw records     ${folder}/${first.calls.key}`] : []),
    `  What it holds       ${folder}/manifests/account=${first.account}/date=${first.day}.json`,
  ];
}

/** What the nights took, by the lab's own counters. */
export function costLines({ ringCentral, lambda }: World): string[] {
  const { byGroup, tokenExchanges, limited } = ringCentral.counters();
  const billed = lambda.invocations("archive-calls").reduce((ms, each) => ms + each.billedMs, 0);
  return [
    "",
    `  ${byGroup.heavy} requests at the rate limit, ${limited} refused for coming too fast, ${tokenExchanges.length} logins, ${(billed / 1000).toFixed(1)} s of Lambda paid for`,
  ];
}

function sum(manifests: readonly Manifest[], count: "records" | "stored" | "pending" | "refused" | "absent"): number {
  return manifests.reduce((total, { totals }) => total + totals[count], 0);
}
