import * as z from "zod/mini";

/** Request of a run: it always checks everything. */
export const AccessRequest = z.strictObject({});
