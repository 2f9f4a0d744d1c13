import type { Bucket } from "../../aws/bucket.ts";
import { toBody } from "../../aws/bucket.ts";
import { createMemberSum } from "../../core/figures/count-analytics.ts";
import { type DayDigest, DayFigures } from "../../core/figures/day-figures.ts";
import { comparedDays, firstWeekdayOf } from "../../core/figures/periods.ts";
import { derivedKeys } from "../../core/object-keys.ts";
import { type Day, daysBetween } from "../../core/time/days.ts";
import { JobError } from "../../errors.ts";
import type { Report } from "../../pages/report.ts";
import { parseStored } from "../../storage/stored-json.ts";
import { type PlannedPage, sameWeekdaysBefore } from "./page-plan.ts";
import type { IndexedDay } from "./pages-index.ts";

export interface ReportOptions {
  readonly days: ReadonlyMap<Day, IndexedDay>;
  /** The numbers of the days whose call log is known. */
  readonly counted: ReadonlyMap<Day, DayDigest>;
  readonly locale: string;
}

/** Collects what a page shows. Reads the figures of one day at a time. @throws STORAGE_INVALID, STORAGE_FAILED */
export async function reportOfPage(
  derived: Pick<Bucket, "get">,
  page: PlannedPage,
  { days, counted, locale }: ReportOptions,
): Promise<Report> {
  const { period, from, to, previous, next, related } = page;
  const analytics = createMemberSum();
  const daysOfGroup = new Map<string, number>();
  for (const day of daysBetween(from, to)) {
    const indexed = days.get(day);
    // The sums of a week or month are all of the same days: those whose call log is known.
    if (!indexed || (period !== "day" && !counted.has(day))) continue;
    const figures = await readDay(derived, day, indexed);
    analytics.add(figures.analytics);
    for (const group of Object.keys(figures.analytics)) daysOfGroup.set(group, (daysOfGroup.get(group) ?? 0) + 1);
  }
  return {
    ...{ period, from, to, previous, next, related },
    days: numbersOf(counted, daysBetween(from, to)),
    analytics: analytics.figures(),
    analyticsDays: daysOfGroup.size === 0 ? 0 : Math.min(...daysOfGroup.values()),
    before: before(counted, page, locale),
    sameWeekdays: period === "day" ? [...numbersOf(counted, sameWeekdaysBefore(from)).values()] : [],
  };
}

/** Undefined if a day of the period before has no figures: a sum without it would say that there were fewer calls. */
function before(counted: ReadonlyMap<Day, DayDigest>, page: PlannedPage, locale: string): Report["before"] {
  const present = daysBetween(page.from, page.to).filter((day) => counted.has(day));
  const compared = comparedDays(page, present, firstWeekdayOf(locale));
  const found = numbersOf(counted, compared);
  return found.size > 0 && found.size === compared.length ? found : undefined;
}

function numbersOf(counted: ReadonlyMap<Day, DayDigest>, wanted: readonly Day[]): ReadonlyMap<Day, DayDigest> {
  return new Map(
    wanted.flatMap((day) => {
      const digest = counted.get(day);
      return digest ? [[day, digest] as const] : [];
    }),
  );
}

async function readDay(derived: Pick<Bucket, "get">, day: Day, { figures }: IndexedDay): Promise<DayFigures> {
  const key = derivedKeys.figures(day);
  const stored = await derived.get(key);
  const read = stored && toBody(stored.body).sha256 === figures.sha256 ? parseStored(DayFigures, stored) : undefined;
  if (read) return read;
  throw new JobError("STORAGE_INVALID", `Reading ${key} failed: it is not what build-pages wrote`, {
    hint: "No action: the next run of build-pages counts the day again.",
    details: { key },
  });
}
