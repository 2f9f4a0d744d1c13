import * as z from "zod/mini";
import { Env } from "../../contract.ts";
import { showing } from "../../core/given-value.ts";
import { jobSetting } from "../../core/job-setting.ts";

/** How people appear on pages. Departments do not appear without people, either: their size is not known. */
export const peopleModes = ["names", "extensions", "none"] as const;

const Locale = z
  .string(showing("expected a locale, such as en-US"))
  .check(z.refine(isLocale, showing("expected a locale, such as en-US or de-DE")));

/** Setting `pages`: how numbers and dates are written, and whether people appear. */
export const pagesSetting = jobSetting(
  z.strictObject({
    locale: z.optional(Locale),
    people: z.optional(z.enum(peopleModes, showing(`expected one of ${peopleModes.join(", ")}`))),
  }),
  ({ locale, people }) => ({ [Env.pagesLocale]: locale, [Env.pagesPeople]: people }),
);

/** True for a BCP 47 tag that this runtime can format. https://www.rfc-editor.org/rfc/bcp/bcp47 */
function isLocale(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}
