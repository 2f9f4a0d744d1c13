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

type Days = ReadonlyMap<Day, IndexedDay>;

/** Collects what a page shows. Reads the figures of one day at a time. @throws STORAGE_INVALID, STORAGE_FAILED */
export async function reportOfPage(
  derived: Pick<Bucket, "get">,
  days: Days,
  page: PlannedPage,
  locale: string,
): Promise<Report> {
  const { period, from, to, previous, next, related } = page;
  const analytics = createMemberSum();
  let analyticsDays = 0;
  for (const day of daysBetween(from, to)) {
    const indexed = days.get(day);
    if (!indexed) continue;
    const figures = await readDay(derived, day, indexed);
    analytics.add(figures.analytics);
    if (Object.keys(figures.analytics).length > 0) analyticsDays++;
  }
  return {
    ...{ period, from, to, previous, next, related },
    days: digestsOf(days, daysBetween(from, to)),
    analytics: analytics.figures(),
    analyticsDays,
    before: before(days, page, locale),
    sameWeekdays: period === "day" ? [...digestsOf(days, sameWeekdaysBefore(from)).values()] : [],
  };
}

/** Undefined if a day of the period before has no figures: a sum without it would say that there were fewer calls. */
function before(days: Days, page: PlannedPage, locale: string): Report["before"] {
  const present = daysBetween(page.from, page.to).filter((day) => days.has(day));
  const compared = comparedDays(page, present, firstWeekdayOf(locale));
  const found = digestsOf(days, compared);
  return found.size === compared.length ? found : undefined;
}

function digestsOf(days: Days, wanted: readonly Day[]): ReadonlyMap<Day, DayDigest> {
  return new Map(
    wanted.flatMap((day) => (days.has(day) ? [[day, (days.get(day) as IndexedDay).digest] as const] : [])),
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
