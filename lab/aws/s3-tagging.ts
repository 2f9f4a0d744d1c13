import { readTags } from "./object-description.ts";
import type { History, StoredObject, Tag } from "./object-version.ts";
import { readDocumentBody } from "./receive-document.ts";
import { findObject, requestedVersion, type S3Call, type S3Handler, type S3World, versionHeader } from "./s3-call.ts";
import { xmlDocument } from "./xml.ts";
import { childrenOf, malformed, readXml, textOf, type XmlElement } from "./xml-reader.ts";

export const getObjectTagging: S3Handler = async (call, world) => {
  const bucket = world.store.bucket(call.bucket);
  const object = findObject(call, bucket.history(call.key), requestedVersion(call));
  const tags = object.tags.map(({ key, value }) => ({ Key: key, Value: value }));
  return {
    status: 200,
    headers: versionHeader(bucket, object.versionId),
    body: xmlDocument("Tagging", { TagSet: { Tag: tags } }),
  };
};

export const putObjectTagging: S3Handler = async (call, world) => {
  const tagging = readXml(await readDocumentBody(call), "Tagging");
  const elements = childrenOf(tagging, "TagSet").flatMap((set) => childrenOf(set, "Tag"));
  const object = await replaceTags(call, world, readTags(elements.map(readTag)));
  return { status: 200, headers: versionHeader(world.store.bucket(call.bucket), object.versionId) };
};

export const deleteObjectTagging: S3Handler = async (call, world) => {
  const object = await replaceTags(call, world, []);
  return { status: 204, headers: versionHeader(world.store.bucket(call.bucket), object.versionId) };
};

function replaceTags(call: S3Call, world: S3World, tags: readonly Tag[]): Promise<StoredObject> {
  return world.store.bucket(call.bucket).change(call.key, (history) => {
    const object = findObject(call, history, requestedVersion(call));
    const tagged = { ...object, tags };
    const changed: History = history.map((version) => (version === object ? tagged : version));
    return { history: changed, result: tagged };
  });
}

function readTag(element: XmlElement): Tag {
  const key = textOf(element, "Key");
  const value = textOf(element, "Value");
  if (!key || value === undefined) throw malformed();
  return { key, value };
}
