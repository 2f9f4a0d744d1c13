import * as z from "zod/mini";
import { Count } from "./fields.ts";

/** An object in the archive bucket; `sha256` is base64, as S3 stores it. */
export const ObjectRef = z.object({
  key: z.string(),
  bytes: Count,
  sha256: z.string(),
  etag: z.string(),
});
export type ObjectRef = z.infer<typeof ObjectRef>;
