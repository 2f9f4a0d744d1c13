import * as z from "zod/mini";

/** Request of a run: it has no fields. */
export const StatusRequest = z.strictObject({});
