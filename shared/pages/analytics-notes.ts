import type { ShownGroup } from "../core/figures/day-figures.ts";
import type { PageContext } from "./page-context.ts";

const groupNames: Readonly<Record<ShownGroup, string>> = {
  Company: "the whole company",
  Queues: "queues",
  Departments: "departments",
  Users: "people",
};

/** Says that a group has no figures. */
export function notCollected(group: ShownGroup): string {
  return `RingCentral's analytics of ${groupNames[group]} were not collected.`;
}

/** Says that there are no analytics at all, or fewer days of them than the page has; undefined if nothing is missing. */
export function analyticsNote(context: PageContext): string | undefined {
  const { report, formats, isPart } = context;
  const { analyticsDays, days, period } = report;
  if (hasNoAnalytics(context)) {
    const what = period !== "day" && isPart ? `the days that this ${period} counts` : `this ${period}`;
    return `RingCentral's analytics of ${what} were not collected: there are no figures of waiting, queues, teams and people.`;
  }
  if (analyticsDays >= days.size) return undefined;
  return `RingCentral's analytics cover ${formats.count(analyticsDays)} of ${formats.count(days.size)} days, or more of some groups: so do the figures of waiting, queues, teams and people.`;
}

/** True if nothing of the analytics can be shown. */
export function hasNoAnalytics({ report: { analytics, analyticsDays } }: PageContext): boolean {
  return Object.keys(analytics).length === 0 || analyticsDays === 0;
}
