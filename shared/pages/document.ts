import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import type { Html } from "./html.ts";
import { styleSheet } from "./styles.ts";

const styleHash = createHash("sha256").update(styleSheet).digest("base64");

/** Only the page's own style sheet: neither scripts nor anything from elsewhere. */
const contentSecurityPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

/** What every page of calls says at its end. */
const aboutCalls = html`Calls, how they ended and recordings are those of RingCentral’s call log; queues, teams, people and times those of its analytics, which count in their own way. Calls are voice calls, each counted once; the morning note and <code>nightshift status</code> count every record of the call log, faxes too. Built by Nightshift.`;

/** Returns a whole page, which works as a file. */
export async function documentHtml(title: string, header: Html, main: Html, footer = aboutCalls): Promise<string> {
  const page = await html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${raw(styleSheet)}</style></head>
<body><header>${header}</header>
<main>${main}</main>
<footer><p>${footer}</p></footer></body></html>
`;
  return page.toString();
}
