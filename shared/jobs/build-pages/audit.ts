import { DerivedPrefix } from "../../contract.ts";
import { indexFile } from "../../core/figures/periods.ts";
import { type Finding, finding, inBucket } from "../../core/finding.ts";
import { derivedKeys } from "../../core/object-keys.ts";
import { type Day, isDay } from "../../core/time/days.ts";
import type { AuditedDerivation, DerivedDay } from "../../storage/audited-derivation.ts";
import { type FoundPages, findPagesIndex } from "./pages-index.ts";

/** How pages, and the figures that they are written from, are audited. A page belongs to the first day that it shows. */
export const auditedDerivation: AuditedDerivation = {
  prefixes: [DerivedPrefix.pages, DerivedPrefix.figures],
  dayOf,
  open: async ({ derived, account }) => {
    const index = await findPagesIndex(derived, account);
    return { findings: indexFindings(index), days: index.type === "read" ? daysOf(index) : undefined };
  },
};

const ofNoDay: Day = "";

function dayOf(key: string): Day | undefined {
  if (key === derivedKeys.page(indexFile)) return ofNoDay;
  const [, day = ""] =
    /^pages\/(?:week-)?(\d{4}-\d{2}-\d{2})\.html$/.exec(key) ??
    /^figures\/day=(\d{4}-\d{2}-\d{2})\.json\.gz$/.exec(key) ??
    [];
  const [, month] = /^pages\/month-(\d{4}-\d{2})\.html$/.exec(key) ?? [];
  const found = month === undefined ? day : `${month}-01`;
  return isDay(found) ? found : undefined;
}

function daysOf({ days, pages }: FoundPages): ReadonlyMap<Day, DerivedDay> {
  const references = [
    ...[...days].map(([day, { figures }]) => ({ key: derivedKeys.figures(day), ...figures })),
    ...[...pages].map(([file, { written }]) => ({ key: derivedKeys.page(file), ...written })),
  ];
  const byDay = Map.groupBy(references, ({ key }) => dayOf(key) ?? ofNoDay);
  return new Map([...byDay].map(([day, all]) => [day, { isBuilt: true, references: all }]));
}

/** A missing index, or one of another form, is no finding: the next run writes everything. */
function indexFindings({ type }: FoundPages): Finding[] {
  if (type !== "invalid") return [];
  return [inBucket("derived", finding("object-corrupt", derivedKeys.pagesBuildIndex, "it is not an index of pages"))];
}
