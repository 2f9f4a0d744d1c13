import * as z from "zod/mini";
import { rotationParts } from "../../core/rotation.ts";

/** Request of a run. */
export const VerifyRequest = z.strictObject({
  /** Number of parts whose bytes are read, of 28. @default one for each night since the last run */
  parts: z.optional(z.int().check(z.minimum(1), z.maximum(rotationParts))),
});
export type VerifyRequest = z.infer<typeof VerifyRequest>;
