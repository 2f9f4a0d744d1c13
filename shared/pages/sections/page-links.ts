import { html } from "hono/html";
import { indexFile } from "../../core/figures/periods.ts";
import type { Formats } from "../formats.ts";
import { dateHtml, type Html } from "../html.ts";
import type { PageLink, Report } from "../report.ts";

/** Links to the pages around this one. */
export function pageLinks({ previous, next, related }: Report, formats: Formats): Html {
  const links = [
    previous && linkHtml(previous, formats, "← ", ""),
    ...related.map((link) => linkHtml(link, formats)),
    html`<a href="${indexFile}">All pages</a>`,
    next && linkHtml(next, formats, "", " →"),
  ];
  return html`<nav aria-label="Pages"><ul>${links.map((link) => link && html`<li>${link}</li>`)}</ul></nav>`;
}

/** Returns a link to a page, which is named by its period. */
export function linkHtml({ file, period, from }: PageLink, formats: Formats, prefix = "", suffix = ""): Html {
  const day = dateHtml(from, period === "month" ? formats.month : formats.shortDay, formats);
  return html`<a href="${file}">${prefix}${period === "week" ? "Week of " : ""}${day}${suffix}</a>`;
}
