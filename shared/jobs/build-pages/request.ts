import * as z from "zod/mini";
import { DateField } from "../../core/fields.ts";

/** Request of a run: days whose pages are built even if nothing has changed. */
export const PagesRequest = z.strictObject({ days: z._default(z.array(DateField), []) });
export type PagesRequest = z.infer<typeof PagesRequest>;
