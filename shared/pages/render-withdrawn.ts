import { html } from "hono/html";
import { indexFile, withdrawnTitle } from "../core/figures/periods.ts";
import { documentHtml } from "./document.ts";

/** Returns what takes the place of a page that is not written any more, for those who have a link to it. */
export function renderWithdrawn(): Promise<string> {
  const main = html`<h1>${withdrawnTitle}</h1>
<p>If it was the page of a week: weeks begin on another day since the setting <code>pages</code> was changed, so its days are on the pages of other weeks, and each has a page of its own. Otherwise the archive has no figures of its days any more.</p>
<p>Open instead: <a href="${indexFile}">All pages</a></p>`;
  return documentHtml(withdrawnTitle, html`<p class="status">Nightshift</p>`, main, html`Built by Nightshift.`);
}
