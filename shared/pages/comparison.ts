import { html } from "hono/html";
import { dateHtml, type Html } from "./html.ts";
import type { PageContext } from "./page-context.ts";

/** Returns the name of the period before, such as "the week of 9 November". Undefined without one to compare with. */
export function comparedWith({ report, before, formats }: PageContext): Html | undefined {
  const [from] = [...(report.before?.keys() ?? [])].toSorted();
  if (!before || from === undefined) return undefined;
  if (report.period === "month") return dateHtml(from, formats.month, formats);
  const day = dateHtml(from, formats.shortDay, formats);
  return report.period === "week" ? html`the week of ${day}` : day;
}

const english = new Intl.DateTimeFormat("en", { timeZone: "UTC", weekday: "long" });

/** The weekday's English name, for sentences. */
export function weekdayName(day: string): string {
  return english.format(new Date(`${day}T00:00:00Z`));
}
