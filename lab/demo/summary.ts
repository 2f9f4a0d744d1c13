import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import type { CallManifest } from "../../shared/core/calls/call-manifest.ts";
import { openTables } from "../../shared/query/open-tables.ts";
import { savedQuery } from "../../shared/query/saved-queries.ts";
import { tableText } from "../../shared/query/table-text.ts";
import { derivedBucket } from "./cloud.ts";
import { megabytes } from "./progress.ts";
import type { LabVerification } from "./verify-in-lab.ts";
import type { World } from "./world.ts";

const shownQuery = "call-log-against-analytics";

type Manifests = Readonly<Record<string, CallManifest>>;

/** What keeps a day open, for readers who see it for the first time. */
const openReasonTexts: Readonly<Record<CallManifest["openReasons"][number], string>> = {
  "listing-not-settled": "two listings must agree, the later at least a day after the day's end.",
  "listing-shrank": "its newest listing lacks many calls that it had before.",
  "listing-failed": "its calls could not be listed.",
  "recordings-pending": "some of its recordings are not fetched yet.",
};

/** A row per day: what it holds, whether it is closed, and below what the reasons mean for which days are open. */
export function dayLines(manifests: Manifests): string[] {
  const all = Object.values(manifests);
  const rows = all.map(({ day, totals, status, openReasons }) => [
    day,
    String(totals.records),
    `${totals.stored} of ${totals.recordings}`,
    megabytes(totals.bytes),
    [status, ...openReasons.slice(0, 1)].join(": "),
  ]);
  const lines = alignedLines([["day", "calls", "recordings", "audio", "status"], ...rows]);
  const reasons = [...new Set(all.flatMap(({ openReasons }) => openReasons))];
  const legend = reasons.flatMap((reason) => ["", `  ${reason}:`, `    ${openReasonTexts[reason]}`]);
  return [...lines.map((line) => `  ${line}`), ...legend];
}

/** Returns where everything is stored, and which files to open first. */
export function totalLines(manifests: Manifests, folder: string): string[] {
  const all = Object.values(manifests);
  const first = all[0];
  if (!first) return ["  Nothing was archived."];
  const { account, day, csv, calls } = first;
  const files = [
    ...(csv ? [[csv.key, "a day as a table"]] : []),
    ...(calls ? [[calls.key, "its raw records"]] : []),
    [`manifests/account=${account}/date=${day}.json`, "its manifest"],
  ];
  return [
    "",
    `  ${sum(all, "records")} calls, ${sum(all, "stored")} recordings, ${sum(all, "pending")} pending, ${unavailable(all)} not available`,
    "",
    `  The archive is in ${folder}/`,
    ...alignedLines(files).map((line) => `    ${line}`),
  ];
}

/** Returns the findings of a verification of the archive, as an auditor would make it. */
export function verificationLines({ verification, findings }: LabVerification): string[] {
  const { entries, objects, head } = verification;
  const result = findings.length === 0 ? "nothing is wrong." : `findings: ${findings.length}`;
  return [
    `  Verified every byte of ${objects} objects, and ${entries} ledger entries: ${result}`,
    ...findings.map(({ code, key, detail }) => `    ${code}  ${key}  ${detail}`),
    ...(head
      ? [
          "  Head of the ledger. Noted elsewhere, it proves later that nothing was cut off:",
          `    ${head.number}:${head.sha256}`,
        ]
      : []),
  ];
}

/** Returns where the tables are stored, and the result of one query of the stack. */
export async function tableLines(dir: string): Promise<string[]> {
  const folder = join(dir, derivedBucket);
  const tables = await openTables(folder);
  try {
    const rows = await tables.query(savedQuery(shownQuery, tables.newestDay));
    return [
      "",
      `  The tables are in ${relative(process.cwd(), join(folder, "tables"))}/`,
      "",
      `  What the query infra/queries/${shownQuery}.sql`,
      "  returns of them. It counts voice calls only: the numbers above include faxes.",
      ...tableText(rows, rows.length)
        .split("\n")
        .map((line) => `    ${line}`),
    ];
  } finally {
    tables.close();
  }
}

/** Returns where the page of the newest day is. */
export async function pageLines(dir: string): Promise<string[]> {
  const folder = join(dir, derivedBucket, "pages");
  const newest = (await readdir(folder))
    .filter((file) => /^\d/.test(file))
    .sort()
    .at(-1);
  if (newest === undefined) return [];
  const path = relative(process.cwd(), join(folder, newest));
  return ["", "  What people look at in the morning. Open it in a browser:", `    ${path}`];
}

/** Returns duration and requests of the nights, by the lab's counters. */
export function costLines({ ringCentral, lambda }: World): string[] {
  const { byGroup, tokenExchanges, limited } = ringCentral.counters();
  const billed = lambda.invocations("archive-calls").reduce((ms, each) => ms + each.billedMs, 0);
  return [
    "",
    `  API requests for recordings and call logs (Heavy): ${byGroup.heavy}`,
    `  API requests that came too fast (429): ${limited}`,
    `  Logins: ${tokenExchanges.length}`,
    `  Time that AWS would bill for archive-calls: ${(billed / 1000).toFixed(1)} s. Waiting is free.`,
  ];
}

/** Cells in columns, each as wide as its widest cell. */
function alignedLines(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(width(column)))
      .join("  ")
      .trimEnd(),
  );
}

function unavailable(manifests: readonly CallManifest[]): number {
  const states = ["refused", "notFound", "alreadyDeleted", "lost"] as const;
  return states.reduce((total, count) => total + sum(manifests, count), 0);
}

function sum(manifests: readonly CallManifest[], count: keyof CallManifest["totals"]): number {
  return manifests.reduce((total, { totals }) => total + (totals[count] ?? 0), 0);
}
