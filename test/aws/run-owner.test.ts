import { describe, expect, test } from "vitest";
import { createBucket } from "../../shared/aws/bucket.ts";
import { createRunOwner, OwnerRecord } from "../../shared/aws/run-owner.ts";
import { versionedObject } from "../../shared/aws/versioned-object.ts";
import { enterLab, s3Client } from "../lab/aws/trial/lab-under-test.ts";

/** The owner object of one job in S3. */
async function enter() {
  const aws = await enterLab();
  const bucket = createBucket(s3Client(aws), "state");
  let nonces = 0;
  const options = { now: () => new Date("2026-11-04T08:30:00Z"), nonce: () => `nonce ${++nonces}` };
  return { aws, owner: createRunOwner(versionedObject(bucket, "owners/job.json", OwnerRecord), options) };
}

describe("a run that begins", () => {
  test("is the owner at once where there was none", async () => {
    const { owner } = await enter();

    expect(await owner.take("first")).toEqual({ waitSeconds: 0 });
    expect(await owner.isOwner("first")).toBe(true);
  });

  test("takes over from one that may still run, and lets one rate window pass", async () => {
    const { owner } = await enter();
    await owner.take("first");

    expect(await owner.take("second")).toEqual({ waitSeconds: 60 });
    expect([await owner.isOwner("first"), await owner.isOwner("second")]).toEqual([false, true]);
  });

  test("need not wait for one that has ended", async () => {
    const { owner } = await enter();
    await owner.take("first");
    await owner.release("first");

    expect(await owner.take("second")).toEqual({ waitSeconds: 0 });
  });

  test("begins again where it was killed, without waiting for itself", async () => {
    const { owner, aws } = await enter();
    await owner.take("first");

    const again = await owner.take("first");

    expect(again).toEqual({ waitSeconds: 0 });
    expect(aws.counters().puts.stored).toBe(1);
  });

  test("of several at once, one is the owner and the others can see it", async () => {
    const { owner } = await enter();
    const runs = Array.from({ length: 8 }, (_, n) => `run ${n}`);

    await Promise.all(runs.map((run) => owner.take(run)));

    const owners = await Promise.all(runs.map((run) => owner.isOwner(run)));
    expect(owners.filter(Boolean)).toHaveLength(1);
  });

  test("is the owner although the answer to its claim is lost", async () => {
    const { owner, aws } = await enter();
    aws.plan({ on: { operation: "PutObject" }, what: "lostAnswer" });

    expect(await owner.take("first")).toEqual({ waitSeconds: 0 });
    expect(await owner.isOwner("first")).toBe(true);
  });
});

test("a run that was taken over gives nothing back", async () => {
  const { owner } = await enter();
  await owner.take("first");
  await owner.take("second");

  await owner.release("first");

  expect(await owner.take("third")).toEqual({ waitSeconds: 60 });
});

test("nobody owns a job before its first run", async () => {
  const { owner } = await enter();

  expect(await owner.isOwner("first")).toBe(false);
  await expect(owner.release("first")).resolves.toBeUndefined();
});
