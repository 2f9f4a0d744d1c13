import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { enterLab, s3Client } from "./trial/lab-under-test.ts";

/** Status and name of an SDK's error. */
async function responseTo(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "200",
    ({ name, $metadata }: { name: string; $metadata: { httpStatusCode: number } }) => {
      return `${$metadata.httpStatusCode} ${name}`;
    },
  );
}

async function enter() {
  const aws = await enterLab();
  const client = s3Client(aws);
  const of = (Key: string) => ({ Bucket: "state", Key });
  await client.send(new PutObjectCommand({ ...of("listed/a"), Body: "x" }));
  await client.send(new PutObjectCommand({ ...of("hidden/a"), Body: "x" }));
  aws.setRights({ state: { gets: ["listed/", "hidden/"], puts: ["listed/"], lists: ["listed/"] } });
  return {
    head: (key: string) => responseTo(client.send(new HeadObjectCommand(of(key)))),
    get: (key: string) => responseTo(client.send(new GetObjectCommand(of(key)))),
    put: (key: string, more = {}) => responseTo(client.send(new PutObjectCommand({ ...of(key), Body: "x", ...more }))),
    list: (Prefix: string) => responseTo(client.send(new ListObjectsV2Command({ Bucket: "state", Prefix }))),
  };
}

// As AWS: API reference, HeadObject and GetObject; ceph/s3-tests, test_head_object_404_with_policy_prefix.
describe("a role that may list a prefix only", () => {
  test("sees there that a key is missing, and sees it nowhere else", async () => {
    const { head, get } = await enter();

    expect([await head("listed/b"), await get("listed/b")]).toEqual(["404 NotFound", "404 NoSuchKey"]);
    expect([await head("hidden/b"), await get("hidden/b")]).toEqual(["403 Unknown", "403 AccessDenied"]);
    expect([await head("hidden/a"), await get("hidden/a")]).toEqual(["200", "200"]);
  });

  test("lists that prefix and what is below it", async () => {
    const { list } = await enter();

    expect([await list("listed/"), await list("listed/a"), await list("hidden/"), await list("")]).toEqual([
      ...["200", "200"],
      ...["403 AccessDenied", "403 AccessDenied"],
    ]);
  });

  test("writes, reads and tests ETags where it may, and nowhere else", async () => {
    const { put, head } = await enter();

    expect([await put("listed/c"), await put("hidden/c"), await head("other/c")]).toEqual([
      ...["200", "403 AccessDenied", "403 Unknown"],
    ]);
  });
});
