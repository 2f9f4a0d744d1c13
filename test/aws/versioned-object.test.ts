import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { enterLab, s3Client } from "../../lab/aws/trial/lab-under-test.ts";
import { type Bucket, createBucket, toBody } from "../../shared/aws/bucket.ts";
import { versionedObject } from "../../shared/aws/versioned-object.ts";
import { JobError } from "../../shared/errors.ts";
import { errorOf } from "../support/ringcentral/open-client.ts";

const Value = z.object({ nonce: z.string(), count: z.number() });
const mine = { nonce: "mine", count: 1 };
const theirs = { nonce: "theirs", count: 2 };
const unreachable = () => new JobError("STORAGE_FAILED", "no response", { retryable: true });

type Ending = "stored" | "another first" | "unavailable";

/** Returns a bucket whose write ends as planned while the object then holds `then`; reading it may fail, too. */
function bucketWhere(ending: Ending, then: object | undefined | "unreadable"): Bucket {
  const bucket: Pick<Bucket, "get" | "replace"> = {
    replace: async () => {
      if (ending === "unavailable") throw unreachable();
      return ending === "stored" ? "v2" : undefined;
    },
    get: async () => {
      if (then === "unreadable") throw unreachable();
      return then && { body: Buffer.from(JSON.stringify(then)), etag: "v9", lastModified: new Date(0) };
    },
  };
  return bucket as Bucket;
}

const written = (bucket: Bucket) => versionedObject(bucket, "key", Value).write(mine, "v1");

describe("a write", () => {
  test.each([
    ["that was stored has its new version", "stored", undefined, "v2"],
    ["that another came before is lost", "another first", theirs, undefined],
    ["that was refused because its own first try had been stored is won", "another first", mine, "v9"],
    ["that was refused and whose object is gone is lost", "another first", undefined, undefined],
    ["whose response was lost is won when the object holds its nonce", "unavailable", mine, "v9"],
  ] as const)("%s", async (_rule, ending, then, expected) => {
    expect(await written(bucketWhere(ending, then))).toBe(expected);
  });

  test.each([
    ["another value is stored", theirs],
    ["no object is stored", undefined],
    ["the stored object cannot be read", "unreadable"],
  ] as const)("that failed is an error if %s", async (_what, then) => {
    expect(await errorOf(written(bucketWhere("unavailable", then)))).toMatchObject({
      code: "STORAGE_FAILED",
      retryable: true,
    });
  });
});

test.each([["not JSON"], ["{}"], ['{"nonce":7,"count":1}'], [""]])(
  "an object with another content (%j) has a version but no value",
  async (text) => {
    const bucket = {
      get: async () => ({ body: Buffer.from(text), etag: "v1", lastModified: new Date(0) }),
    } as Partial<Bucket> as Bucket;

    const stored = await versionedObject(bucket, "tokens/one.json", Value).read();

    expect(stored).toEqual({ value: undefined, version: "v1" });
  },
);

describe("over S3", () => {
  async function enter() {
    const aws = await enterLab();
    const bucket = createBucket(s3Client(aws), "state");
    return { aws, bucket, record: versionedObject(bucket, "tokens/one.json", Value) };
  }

  test("a value replaces only the version that was read", async () => {
    const { record } = await enter();
    const first = await record.write(mine, undefined);
    const second = await record.write(theirs, first);

    const late = await record.write({ nonce: "late", count: 3 }, first);
    const again = await record.write({ nonce: "again", count: 4 }, undefined);

    expect([late, again]).toEqual([undefined, undefined]);
    expect(await record.read()).toEqual({ value: theirs, version: second });
  });

  test.each([
    ["the response to a write is lost", "lostResponse"],
    ["writes meet (409)", { status: 409, code: "ConditionalRequestConflict" }],
    ["the connection drops", "drop"],
    ["S3 has an internal error", { status: 500, code: "InternalError" }],
  ] as const)("a write succeeds although %s", async (_what, what) => {
    const { aws, record } = await enter();
    const first = await record.write(mine, undefined);
    aws.plan({ on: { operation: "PutObject" }, what });

    const second = await record.write(theirs, first);

    expect(second).toBeDefined();
    expect(await record.read()).toEqual({ value: theirs, version: second });
  });

  test("an invalid value is replaced by the first writer who has read it", async () => {
    const { bucket, record } = await enter();
    await bucket.put("tokens/one.json", toBody("{"), "application/json");
    const unreadable = await record.read();

    const first = await record.write(mine, unreadable?.version);
    const second = await record.write(theirs, unreadable?.version);

    expect([await record.read(), second]).toEqual([{ value: mine, version: first }, undefined]);
  });

  test("one of twenty writers over the same version succeeds", async () => {
    const { record } = await enter();
    const writers = Array.from({ length: 20 }, (_, n) => ({ nonce: `writer ${n}`, count: n }));

    const versions = await Promise.all(writers.map((writer) => record.write(writer, undefined)));

    const winner = writers[versions.findIndex((version) => version !== undefined)];
    expect(versions.filter((version) => version !== undefined)).toHaveLength(1);
    expect((await record.read())?.value).toEqual(winner);
  });
});
