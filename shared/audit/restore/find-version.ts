import { createHash } from "node:crypto";
import type { ObjectVersion, ObjectVersions } from "../../aws/object-versions.ts";
import { undefinedIfOfOneObject } from "../../storage/each-day.ts";

/** The bytes that are looked for. */
export interface WantedBytes {
  /** Base64. */
  readonly sha256: string;
  /** @default any length */
  readonly bytes?: number | undefined;
  /** True: the version's bytes are read, too. @default what S3 stores of them is believed */
  readonly readsBytes?: boolean;
}

/**
 * Finds the newest version with these bytes. One with a stored SHA-256 comes before one without, which must be read; one that S3
 * denies is left out. Undefined if there is none.
 * @throws STORAGE_FAILED
 */
export async function findVersion(
  versions: ObjectVersions,
  ofKey: readonly ObjectVersion[],
  { sha256, bytes, readsBytes = false }: WantedBytes,
): Promise<ObjectVersion | undefined> {
  const withoutChecksum: ObjectVersion[] = [];
  for (const version of ofKey) {
    if (version.isMarker || (bytes !== undefined && version.bytes !== bytes)) continue;
    const stored = await versions.storedSha256(version).catch(undefinedIfOfOneObject);
    if (stored === undefined) withoutChecksum.push(version);
    else if (stored === sha256 && (!readsBytes || (await readSha256(versions, version)) === sha256)) return version;
  }
  for (const version of withoutChecksum)
    if ((await readSha256(versions, version).catch(undefinedIfOfOneObject)) === sha256) return version;
  return undefined;
}

/** Returns the SHA-256 (base64) of a version: the stored one, or that of its bytes. @throws STORAGE_FAILED */
export async function sha256OfVersion(versions: ObjectVersions, version: ObjectVersion): Promise<string> {
  return (await versions.storedSha256(version)) ?? (await readSha256(versions, version));
}

/** Reads a small version into memory. @throws STORAGE_FAILED */
export async function readVersion(versions: ObjectVersions, version: ObjectVersion): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await versions.read(version)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function readSha256(versions: ObjectVersions, version: ObjectVersion): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of await versions.read(version)) hash.update(chunk);
  return hash.digest("base64");
}

/** Groups versions, listed by key, by their keys. */
export async function* versionsByKey(
  listing: AsyncIterable<ObjectVersion>,
): AsyncGenerator<{ readonly key: string; readonly versions: readonly ObjectVersion[] }> {
  let versions: ObjectVersion[] = [];
  for await (const version of listing) {
    const [first] = versions;
    if (first && first.key !== version.key) {
      yield { key: first.key, versions };
      versions = [];
    }
    versions.push(version);
  }
  const [first] = versions;
  if (first) yield { key: first.key, versions };
}

/** Returns the versions of one key, newest first. @throws STORAGE_FAILED */
export async function versionsOfKey(versions: ObjectVersions, key: string): Promise<readonly ObjectVersion[]> {
  for await (const listed of versionsByKey(versions.list(key))) if (listed.key === key) return listed.versions;
  return [];
}

/** True if a GET finds the key. */
export function isShown(versions: readonly ObjectVersion[]): boolean {
  return versions[0] !== undefined && !versions[0].isMarker;
}
