import { html } from "hono/html";
import { indexFile, withdrawnTitle } from "../core/figures/periods.ts";
import { documentHtml } from "./document.ts";

/** Returns what takes the place of a week's page that is not written any more, for those who have a link to it. */
export function renderWithdrawn(): Promise<string> {
  const main = html`<h1>${withdrawnTitle}</h1>
<p>Weeks begin on another day since the setting <code>pages</code> was changed, so this week has no page any more. Its days are on the pages of other weeks, and each has a page of its own.</p>
<p>Open instead: <a href="${indexFile}">All pages</a></p>`;
  return documentHtml(withdrawnTitle, html`<p class="status">Nightshift</p>`, main, html`Built by Nightshift.`);
}
