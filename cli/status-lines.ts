import type { Completeness } from "../shared/core/completeness.ts";
import { counted } from "../shared/core/counted.ts";
import type { StatusReport } from "../shared/status/read-status.ts";
import { minute, nextRows, pauseRows, type Row, runTexts, unknownText } from "./run-rows.ts";
import type { StackRuns } from "./stack-runs.ts";
import type { TargetOptions } from "./target.ts";
import { withTarget } from "./with-target.ts";
import { wrapped } from "./wrapped.ts";

const labelWidth = 12;
/** Columns where the width is not known. */
const usualColumns = 80;

interface StatusLineOptions extends Pick<TargetOptions, "stack" | "bucket"> {
  readonly columns?: number | undefined;
}

/**
 * Returns the sentence, then a row for each subject, no wider than the terminal. What cannot be known is said.
 * @param columns width of the terminal; undefined elsewhere, where the sentence stays one line
 */
export function statusLines(
  report: StatusReport & Partial<StackRuns>,
  { columns, ...target }: StatusLineOptions = {},
): string[] {
  const { calls, analytics, sentence } = report;
  const rows: readonly Row[] = [
    ["days", daysText(calls)],
    ["calls", number(calls.totals.calls)],
    ["recordings", recordingsText(report)],
    ["backlog", backlogText(report)],
    ["analytics", analytics ? analyticsText(analytics) : "none"],
    ["runs", runTexts(report)],
    ...pauseRows(report),
    ...nextRows(report),
    ["credential", credentialText(report)],
    ["last check", checkText(report)],
    ["verified", verifiedText(report)],
    ["read from", sourceText(report)],
  ];
  const width = columns ?? usualColumns;
  return [
    ...(columns === undefined ? [sentence] : wrapped(sentence, width)),
    "",
    ...rows.flatMap(([label, text]) => {
      const texts = [text].flat().map((each) => withTarget(each, target));
      return rowLines([label, texts], width);
    }),
  ];
}

function rowLines([label, text]: Row, columns: number): string[] {
  const lines = [text].flat().flatMap((each) => wrapped(each, columns - labelWidth));
  return lines.map((line, index) => `${(index === 0 ? label : "").padEnd(labelWidth)}${line}`);
}

function daysText({ closed, open, first, last }: Completeness): string {
  const span = first !== undefined && last !== undefined ? `, ${first} to ${last}` : "";
  return `${number(closed)} closed, ${number(open)} open${span}`;
}

function recordingsText({ calls: { totals } }: StatusReport): string {
  const { stored, pending, lost, refused, notFound, alreadyDeleted, bytes } = totals;
  const others = { pending, lost, refused, "not found": notFound, "already deleted": alreadyDeleted };
  const parts = Object.entries(others).flatMap(([state, count]) => (count > 0 ? [`${number(count)} ${state}`] : []));
  return [`${number(stored)} stored (${size(bytes)})`, ...parts].join(", ");
}

function backlogText({ calls: { totals, gauges }, limits }: StatusReport): string {
  if (totals.pending === 0) return "none";
  const assumed = limits.isAssumed ? ", by RingCentral's defaults: its limits are not known here" : "";
  return `${gauges.backlogNights} nights; RingCentral may delete a pending recording in ${counted(gauges.daysUntilDeletion, "day")}${assumed}`;
}

function analyticsText({ completeTo, open }: Completeness): string {
  const complete = completeTo === undefined ? "no day complete yet" : `complete to ${completeTo}`;
  return `${complete}, ${counted(open, "open day")}`;
}

function credentialText({ access, runs }: StatusReport): string {
  if (!runs) return unknownText;
  if (access?.credentialExpiresAt === undefined || access.credentialDaysLeft === undefined)
    return access ? "its end is not known" : "not checked yet";
  return `ends on ${access.credentialExpiresAt.slice(0, 10)}, in ${counted(access.credentialDaysLeft, "day")}`;
}

function checkText({ access, runs }: StatusReport): string {
  if (!runs) return unknownText;
  if (!access) return "none yet";
  const { faults, warnings, checkedAt } = access;
  const found = [
    ...(faults > 0 ? [counted(faults, "fault")] : []),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
  ];
  return `${found.length > 0 ? `${found.join(" and ")}, see npx nightshift doctor --stack <name>` : "all ok"}, ${minute(checkedAt)}`;
}

function verifiedText({ verification }: StatusReport): string {
  if (!verification) return "not yet";
  const { endedAt, findings } = verification;
  if (endedAt === undefined) return "the newest report is damaged, see npx nightshift verify --stack <name>";
  return `${findings === 0 ? "nothing is wrong" : `${counted(findings, "finding")}, see npx nightshift report --stack <name>`}, ${minute(endedAt)}`;
}

function sourceText({ source, manifestsRead }: StatusReport): string {
  const manifests = counted(manifestsRead, "manifest");
  return source === "index" ? `the index of days and ${manifests}` : `${manifests}, because no state bucket is given`;
}

function number(count: number): string {
  return count.toLocaleString("en-US");
}

const units = ["bytes", "kB", "MB", "GB", "TB"];

function size(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(1, bytes)) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
