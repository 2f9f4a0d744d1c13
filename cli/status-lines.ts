import type { Completeness } from "../shared/core/completeness.ts";
import { counted } from "../shared/core/counted.ts";
import { shortDay } from "../shared/core/time/short-day.ts";
import type { StatusReport } from "../shared/status/read-status.ts";
import type { StackRuns } from "./stack-runs.ts";

const unknownText = "not known without --stack or --state";

/** Returns the sentence, then one line for each subject. What cannot be known is said. */
export function statusLines(report: StatusReport & Partial<StackRuns>): string[] {
  const { calls, analytics, sentence } = report;
  const rows: readonly [string, string][] = [
    ["days", daysText(calls, calls.today)],
    ["calls", number(calls.totals.calls)],
    ["recordings", recordingsText(report)],
    ["backlog", backlogText(report)],
    ["analytics", analytics ? analyticsText(analytics, calls.today) : "none"],
    ["runs", runsText(report)],
    ...pauseRows(report),
    ...nextRows(report),
    ["credential", credentialText(report)],
    ["last check", checkText(report)],
    ["verified", verifiedText(report)],
    ["read from", sourceText(report)],
  ];
  return [sentence, "", ...rows.map(([name, text]) => `${name.padEnd(12)}${text}`)];
}

function daysText({ closed, open, first, last }: Completeness, today: string): string {
  const span =
    first !== undefined && last !== undefined ? `, ${shortDay(first, today)} to ${shortDay(last, today)}` : "";
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

function analyticsText({ completeTo, open }: Completeness, today: string): string {
  const complete = completeTo === undefined ? "no day complete yet" : `complete to ${shortDay(completeTo, today)}`;
  return `${complete}, ${counted(open, "open day")}`;
}

function runsText({ runs, steps = {} }: StatusReport & Partial<StackRuns>): string {
  if (!runs) return unknownText;
  if (runs.length === 0) return "none yet";
  return runs
    .map(({ job, isAtWork, hasFailed, at }) => {
      const step = steps[job] === undefined ? "" : ` (${steps[job]})`;
      return isAtWork
        ? `${job} at work since ${minute(at)}${step}`
        : `${job} ${hasFailed ? "failed" : "ended"} ${minute(at)}`;
    })
    .join("; ");
}

function pauseRows({ pauses = [] }: StatusReport): [string, string][] {
  const texts = pauses.map(({ job, since, days, reason }) =>
    since === null ? `${job} perhaps: ${reason}` : `${job} since ${minute(since)} (${counted(days, "day")})`,
  );
  return texts.length === 0 ? [] : [["paused", texts.join("; ")]];
}

function nextRows({ nextStarts }: Partial<StackRuns>): [string, string][] {
  if (!nextStarts) return [];
  const texts = Object.entries(nextStarts).map(([job, at]) => `${job} ${minute(at)}`);
  return [["next runs", texts.length === 0 ? "none: paused, or switched off in the settings" : texts.join("; ")]];
}

function credentialText({ access, runs, calls: { today } }: StatusReport): string {
  if (!runs) return unknownText;
  if (access?.credentialExpiresAt === undefined || access.credentialDaysLeft === undefined)
    return access ? "its end is not known" : "not checked yet";
  const day = shortDay(access.credentialExpiresAt.slice(0, 10), today);
  return `ends on ${day}, in ${counted(access.credentialDaysLeft, "day")}`;
}

function checkText({ access, runs }: StatusReport): string {
  if (!runs) return unknownText;
  if (!access) return "none yet";
  const { faults, warnings, checkedAt } = access;
  const found = [
    ...(faults > 0 ? [counted(faults, "fault")] : []),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
  ];
  return `${found.length > 0 ? `${found.join(" and ")}, see nightshift doctor` : "all ok"}, ${minute(checkedAt)}`;
}

function verifiedText({ verification }: StatusReport): string {
  if (!verification) return "not yet";
  const { endedAt, findings } = verification;
  if (endedAt === undefined) return "the newest report is damaged, see nightshift verify";
  return `${findings === 0 ? "nothing is wrong" : `${counted(findings, "finding")}, see nightshift report`}, ${minute(endedAt)}`;
}

function sourceText({ source, manifestsRead }: StatusReport): string {
  const manifests = counted(manifestsRead, "manifest");
  return source === "index" ? `the index of days and ${manifests}` : `${manifests}, because no state bucket is given`;
}

function number(count: number): string {
  return count.toLocaleString("en-US");
}

function minute(at: string): string {
  return `${at.slice(0, 16).replace("T", " ")} UTC`;
}

const units = ["bytes", "kB", "MB", "GB", "TB"];

function size(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(1, bytes)) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
