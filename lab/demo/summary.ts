import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { CallManifest } from "../../shared/core/calls/call-manifest.ts";
import { derivedBucket } from "./cloud.ts";
import { tableText } from "./data-doc.ts";
import { openTables } from "./open-tables.ts";
import { megabytes } from "./progress.ts";
import type { LabVerification } from "./verify-in-lab.ts";
import type { World } from "./world.ts";

const shownQuery = "call-log-against-analytics.sql";

type Manifests = Readonly<Record<string, CallManifest>>;

/** A row per day: what it holds, and why it is open if it is. */
export function dayLines(manifests: Manifests): string[] {
  const rows = Object.values(manifests).map(({ day, totals, status, openReasons }) => [
    day,
    String(totals.records),
    `${totals.stored} of ${totals.recordings}`,
    megabytes(totals.bytes),
    status === "closed" ? "closed" : `open: ${openReasons.join(", ")}`,
  ]);
  const all = [["day", "calls", "recordings", "audio", "status"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
}

/** Where everything is stored, and which files to open first. */
export function totalLines(manifests: Manifests, folder: string): string[] {
  const all = Object.values(manifests);
  const first = all[0];
  if (!first) return ["  Nothing was archived."];
  return [
    "",
    `  ${sum(all, "records")} calls, ${sum(all, "stored")} recordings, ${sum(all, "pending")} pending, ${unavailable(all)} not available`,
    "",
    `  The archive         ${folder}/`,
    ...(first.csv ? [`  A day as a table    ${folder}/${first.csv.key}`] : []),
    ...(first.calls ? [`  Its raw records     ${folder}/${first.calls.key}`] : []),
    `  What it holds       ${folder}/manifests/account=${first.account}/date=${first.day}.json`,
  ];
}

/** What a verification of the archive found, as an auditor would make it. */
export function verificationLines({ verification, findings }: LabVerification): string[] {
  const { entries, objects, head } = verification;
  return [
    `  Verified            ledger of ${entries}, every byte of ${objects} objects: ${findings.length === 0 ? "nothing is wrong" : "WRONG"}`,
    ...findings.map(({ code, key, detail }) => `    ${code}  ${key}  ${detail}`),
    ...(head ? [`  Head of the ledger  ${head.number}:${head.sha256}`] : []),
  ];
}

/** Where the tables are stored, and what they answer to one of the queries that come with the stack. */
export async function tableLines(dir: string): Promise<string[]> {
  const folder = join(dir, derivedBucket);
  const tables = await openTables(folder);
  try {
    const sql = await readFile(join(import.meta.dirname, "../../infra/queries", shownQuery), "utf8");
    const response = tableText(await tables.query(sql));
    const shownFolder = relative(process.cwd(), join(folder, "tables"));
    return [
      "",
      `  The tables          ${shownFolder}/`,
      "",
      `  infra/queries/${shownQuery}`,
      ...response.split("\n").map((line) => `    ${line}`),
    ];
  } finally {
    tables.close();
  }
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

function unavailable(manifests: readonly CallManifest[]): number {
  const states = ["refused", "notFound", "alreadyDeleted", "lost"] as const;
  return states.reduce((total, count) => total + sum(manifests, count), 0);
}

function sum(manifests: readonly CallManifest[], count: keyof CallManifest["totals"]): number {
  return manifests.reduce((total, { totals }) => total + (totals[count] ?? 0), 0);
}
