import { AwsError } from "./aws-error.ts";
import type { Bucket } from "./bucket.ts";
import { listKeys } from "./list-keys.ts";
import { commonPrefixes, type ListParameters, listHead, listParameters } from "./list-parameters.ts";
import type { Version } from "./object-version.ts";
import type { S3Call, S3Handler } from "./s3-call.ts";
import { objectElement } from "./s3-list-objects.ts";
import { xmlDocument } from "./xml.ts";

type Entry = { readonly prefix: string } | VersionEntry;
interface VersionEntry {
  readonly key: string;
  readonly version: Version;
  readonly isLatest: boolean;
}

export const listObjectVersions: S3Handler = async (call, world) => {
  const bucket = world.store.bucket(call.bucket);
  const parameters = listParameters(call);
  const entries = listEntries(bucket, parameters, call);
  const page = entries.slice(0, parameters.maxKeys);
  const isTruncated = parameters.maxKeys > 0 && entries.length > page.length;
  const versions = page.filter((entry) => "version" in entry);
  const prefixes = page.flatMap((entry) => ("prefix" in entry ? [entry.prefix] : []));
  return {
    status: 200,
    body: xmlDocument("ListVersionsResult", {
      ...listHead(bucket.name, parameters),
      KeyMarker: parameters.encode(call.query.get("key-marker") ?? ""),
      VersionIdMarker: call.query.get("version-id-marker") ?? "",
      IsTruncated: isTruncated,
      ...(isTruncated && nextMarkers(page.at(-1), parameters)),
      Version: versions.flatMap((entry) => objectVersionElement(entry, parameters)),
      DeleteMarker: versions.flatMap((entry) => deleteMarkerElement(entry, parameters)),
      CommonPrefixes: commonPrefixes(prefixes, parameters),
    }),
  };
};

function listEntries(bucket: Bucket, parameters: ListParameters, call: S3Call): readonly Entry[] {
  const keyMarker = call.query.get("key-marker") ?? "";
  const versionMarker = call.query.get("version-id-marker") ?? "";
  if (versionMarker !== "" && keyMarker === "") {
    throw new AwsError(400, "InvalidArgument", "A version-id marker cannot be specified without a key marker.");
  }
  const { prefix, delimiter } = parameters;
  const isPrefixMarker = delimiter !== undefined && keyMarker.endsWith(delimiter) && keyMarker !== prefix;
  const after = { kind: isPrefixMarker ? "prefix" : "key", name: keyMarker } as const;
  const rest = versionMarker === "" ? [] : versionsAfter(bucket, keyMarker, versionMarker);
  const listing = listKeys({
    keys: bucket.keys,
    isListed: () => true,
    ...parameters,
    ...(keyMarker !== "" && { after }),
  });
  const later = [...listing].flatMap(({ kind, name }): readonly Entry[] =>
    kind === "prefix" ? [{ prefix: name }] : versionEntries(bucket, name),
  );
  return [...rest, ...later];
}

function versionsAfter(bucket: Bucket, key: string, versionId: string): readonly VersionEntry[] {
  const entries = versionEntries(bucket, key);
  return entries.slice(entries.findIndex(({ version }) => version.versionId === versionId) + 1);
}

function versionEntries(bucket: Bucket, key: string): readonly VersionEntry[] {
  return bucket.history(key).map((version, index) => ({ key, version, isLatest: index === 0 }));
}

function nextMarkers(last: Entry | undefined, { encode }: ListParameters) {
  if (!last) return {};
  if ("prefix" in last) return { NextKeyMarker: encode(last.prefix) };
  return { NextKeyMarker: encode(last.key), NextVersionIdMarker: last.version.versionId };
}

function objectVersionElement({ key, version, isLatest }: VersionEntry, parameters: ListParameters) {
  if (version.kind !== "object") return [];
  return [{ ...objectElement(key, version, parameters), VersionId: version.versionId, IsLatest: isLatest }];
}

function deleteMarkerElement({ key, version, isLatest }: VersionEntry, { encode }: ListParameters) {
  if (version.kind !== "delete-marker") return [];
  const lastModified = new Date(version.lastModifiedMs).toISOString();
  return [{ Key: encode(key), VersionId: version.versionId, IsLatest: isLatest, LastModified: lastModified }];
}
