import { html } from "hono/html";
import { addDays } from "../core/time/days.ts";
import { dateHtml, type Html } from "./html.ts";
import type { PageContext } from "./page-context.ts";

/**
 * Returns the name of the period before, such as "the week of 9 November", or "the same days of" it. Undefined without one to
 * compare with.
 */
export function comparedWith({ report, before, isPart, formats }: PageContext): Html | undefined {
  const [from] = [...(report.before?.keys() ?? [])].toSorted();
  if (!before || from === undefined) return undefined;
  const part = isPart ? "the same days of " : "";
  if (report.period === "month") return html`${part}${dateHtml(from, formats.month, formats)}`;
  if (report.period === "day") return dateHtml(from, formats.shortDay, formats);
  return html`${part}the week of ${dateHtml(addDays(report.from, -7), formats.shortDay, formats)}`;
}

const english = new Intl.DateTimeFormat("en", { timeZone: "UTC", weekday: "long" });

/** The weekday's English name, for sentences. */
export function weekdayName(day: string): string {
  return english.format(new Date(`${day}T00:00:00Z`));
}
