import { html } from "hono/html";
import { indexFile, withdrawnTitle } from "../core/figures/periods.ts";
import { documentHtml } from "./document.ts";

/** Returns what takes the place of a page that is not written any more, for those who have a link to it. */
export function renderWithdrawn(): Promise<string> {
  const link = html`<p><a href="${indexFile}">All pages</a></p>`;
  return documentHtml(withdrawnTitle, html`<p class="status">Nightshift</p>`, html`<h1>${withdrawnTitle}</h1>${link}`);
}
