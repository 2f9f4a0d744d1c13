import { html } from "hono/html";
import type { Day } from "../core/time/days.ts";
import type { Formats } from "./formats.ts";

/** A part of a page: escaped, or a promise of it. */
export type Html = ReturnType<typeof html>;

/** Returns a name that RingCentral or a user wrote. `bdi` keeps its direction from turning the text around it. */
export function nameHtml(name: string): Html {
  return html`<bdi>${name}</bdi>`;
}

/** Returns a date in the page's locale, which may be another language and direction than the text around it. */
export function dateHtml(day: Day, text: (day: Day) => string, { locale }: Formats): Html {
  return html`<time datetime="${day}"><bdi lang="${locale}">${text(day)}</bdi></time>`;
}
