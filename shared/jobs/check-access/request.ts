import * as z from "zod/mini";
import { trueOrFalse } from "../../core/given-value.ts";

/** Request of a run: it checks everything, or only revokes the token that all jobs share. */
export const AccessRequest = z.strictObject({ revoke: z.optional(z.boolean(trueOrFalse)) });
