import * as z from "zod/mini";

/** An object in the archive bucket: key, length, SHA-256 of its bytes (base64, as S3 keeps it) and ETag. */
export const ObjectRef = z.object({
  key: z.string(),
  bytes: z.number().check(z.int(), z.nonnegative()),
  sha256: z.string(),
  etag: z.string(),
});
export type ObjectRef = z.infer<typeof ObjectRef>;
