import type { Verification } from "../shared/audit/verify-archive.ts";
import { counted } from "../shared/core/counted.ts";
import { type AggregateName, aggregates, otherAggregates } from "../shared/core/day-aggregate.ts";
import type { Depth } from "../shared/core/depth.ts";
import { type Finding, findingSigns } from "../shared/core/finding.ts";
import type {
  ReportedAggregate,
  ReportedDerived,
  ReportedIndex,
  VerificationReport,
} from "../shared/core/verification-report.ts";
import type { PublicKey } from "./read-public-key.ts";
import type { TargetOptions } from "./target.ts";
import { withTarget } from "./with-target.ts";

const depthTexts: Readonly<Record<Depth, string>> = {
  listing: "size and ETag",
  checksums: "size, ETag and S3's SHA-256",
  bytes: "size, ETag, S3's SHA-256 and every byte",
};

/** A finding as one line: sign, code, key and detail. A key of another bucket than the archive's begins with its name. */
export function findingLine(finding: Finding): string {
  const { code, detail } = finding;
  return `${findingSigns[code]} ${code}  ${placeOf(finding)}  ${detail}`;
}

/** The key of a finding, with its bucket if that is not the archive. */
export function placeOf({ bucket, key }: Finding): string {
  return bucket === undefined || bucket === "archive" ? key : `${bucket}:${key}`;
}

/** What to do about findings. */
export function adviceLines(count: number, target: TargetOptions): string[] {
  return [
    "",
    `${counted(count, "finding")} in all. What each means, and its remedy: docs/operations.md#verifying.`,
    withTarget("First: npx nightshift restore --dry-run --stack <name> shows what can be put back.", target),
  ];
}

/** What was checked of one aggregate, while its signatures may have been checked. */
export function summaryLines(verification: Verification, publicKey: PublicKey | undefined): string[] {
  const [first = "", second = "", ...more] = aggregateLines(verification, verification.account);
  const { signedUpTo } = verification;
  const signatures = publicKey
    ? `signatures are valid up to entry ${signedUpTo}`
    : "signatures were not checked (--public-key)";
  return [first, second, signatures, ...more];
}

/** What was checked of one aggregate. */
export function aggregateLines(checked: Omit<ReportedAggregate, "schema">, account: string): string[] {
  const { aggregate, entries, head, days, closed, objects, bytes, findings } = checked;
  // A report of a later version may name an aggregate that this one does not know.
  const { title }: { readonly title: string } = aggregates[aggregate as AggregateName] ?? { title: aggregate };
  const anchorOption = otherAggregates.some((name) => name === aggregate) ? `, for --${aggregate}-anchor` : "";
  return [
    `${findings === 0 ? "Nothing is wrong" : counted(findings, "finding")} in the ${title} of ${account}:`,
    `${counted(entries, "ledger entry", "ledger entries")}, ${counted(days, "day")} (${closed} closed), ${counted(objects, "object")}, ${bytes} bytes`,
    ...exceptionLines(checked),
    ...(head ? [`head of the ledger${anchorOption}: ${head.number}:${head.sha256}`] : []),
  ];
}

/** Objects that were not compared, or not read. */
function exceptionLines({
  notYetInManifest,
  notChecked,
  offline,
  expired,
}: Omit<ReportedAggregate, "schema">): string[] {
  const texts: readonly (readonly [number, string])[] = [
    [notYetInManifest, "not in a manifest yet: the next run adds them"],
    [notChecked, "not checked: their days' manifests are missing or unreadable"],
    [offline, "not read: they are in an archive class of S3"],
    [expired, "deleted by the bucket's own lifecycle rules"],
  ];
  return texts.flatMap(([count, text]) => (count > 0 ? [`${counted(count, "object")} ${text}`] : []));
}

/** What was checked of tables and pages. */
export function tablesLines({ objects, bytes, findings, ...counts }: ReportedDerived): string[] {
  const texts: readonly (readonly [number, string])[] = [
    [counts.daysRebuilt, "built again from the archive, to compare"],
    [counts.daysNotBuilt, "not built yet: the next run of build-tables builds them"],
    [counts.daysNotRebuilt, "not built again, because the archive lacks what they need"],
  ];
  return [
    `${findings === 0 ? "Nothing is wrong" : counted(findings, "finding")} in tables and pages:`,
    `${counted(objects, "object")} of ${counted(counts.days, "day")}, ${bytes} bytes`,
    ...texts.flatMap(([count, text]) => (count > 0 ? [`${counted(count, "day")} ${text}`] : [])),
    ...(counts.notChecked > 0
      ? [
          `${counted(counts.notChecked, "object")} not checked: their days are not built yet, or they are new, or another account's`,
        ]
      : []),
  ];
}

/** What was compared of the indexes of days. */
export function indexLines(indexes: readonly ReportedIndex[]): string[] {
  const findings = indexes.reduce((sum, each) => sum + each.findings, 0);
  const absent = indexes.filter(({ index }) => index !== "read");
  return [
    `${findings === 0 ? "Nothing is wrong" : counted(findings, "finding")} in the indexes of days.`,
    ...absent.map(({ aggregate, index }) => `The index of ${aggregate} is ${index}: the next run writes it again.`),
  ];
}

function notLookedAtLines({
  tables,
  indexes,
  selectedDays,
}: Pick<VerificationReport, "tables" | "indexes" | "selectedDays">) {
  const left = [
    ...(tables ? [] : ["tables and pages (--stack or --derived)"]),
    ...(indexes ? [] : ["indexes of days (--stack or --state)"]),
    ...(selectedDays ? ["objects of no day"] : []),
  ];
  return left.length > 0 ? [`Not looked at: ${left.join(", ")}.`] : [];
}

/** What was checked as a whole: where, how deeply, when, and by which version. */
export function reportLines(report: Omit<VerificationReport, "schema">, file: string | undefined): string[] {
  const { archive, account, depth, subsets, selectedDays, begunAt, endedAt, version, signature } = report;
  const objects = subsets ? `part ${subsets.map(({ part, of }) => `${part} of ${of}`).join(", ")}` : "every object";
  const days = selectedDays ? `${counted(selectedDays.length, "selected day")}` : "all days";
  return [
    `Checked: ${archive}, account ${account}, ${days}, ${objects}, ${depthTexts[depth]}.`,
    ...notLookedAtLines(report),
    `From ${begunAt} to ${endedAt}, by nightshift ${version}.`,
    ...(file === undefined ? [] : [`Report${signature ? ", signed" : ""}: ${file}`]),
  ];
}
