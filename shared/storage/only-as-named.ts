import { createHash } from "node:crypto";
import type { Bucket } from "../aws/bucket.ts";
import type { ObjectRef } from "../core/object-ref.ts";
import { JobError } from "../errors.ts";

/**
 * Returns a bucket that streams these objects only if they have the SHA-256 that a manifest names. At the end of other
 * bytes it throws STORAGE_INVALID.
 */
export function onlyAsNamed(archive: Bucket, objects: readonly ObjectRef[]): Bucket {
  const sha256Of = new Map(objects.map(({ key, sha256 }) => [key, sha256]));
  return {
    ...archive,
    open: async (key) => {
      const opened = await archive.open(key);
      const sha256 = sha256Of.get(key);
      return opened && sha256 ? { ...opened, chunks: checked(opened.chunks, key, sha256) } : opened;
    },
  };
}

async function* checked(chunks: AsyncIterable<Uint8Array>, key: string, sha256: string) {
  const hash = createHash("sha256");
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest("base64") !== sha256)
    throw new JobError("STORAGE_INVALID", `${key} is not the object that its day's manifest lists`, {
      hint: "Run npx nightshift restore --stack <name>: it puts back the version that a run wrote.",
      details: { key },
    });
}
