import { describe, expect, test } from "vitest";
import { enterLab, s3Client } from "../../lab/aws/trial/lab-under-test.ts";
import { createBucket, toBody } from "../../shared/aws/bucket.ts";
import { createRunOwner, OwnerRecord } from "../../shared/aws/run-owner.ts";
import { versionedObject } from "../../shared/aws/versioned-object.ts";

const key = "owners/job.json";

/** The owner object of one job in S3. */
async function enter() {
  const aws = await enterLab();
  const bucket = createBucket(s3Client(aws), "state");
  let nonces = 0;
  let time = Date.parse("2026-11-04T08:30:00Z");
  const options = { now: () => new Date(time), nonce: () => `nonce ${++nonces}` };
  return {
    aws,
    bucket,
    owner: createRunOwner(versionedObject(bucket, key, OwnerRecord), options),
    advance: (ms: number) => {
      time += ms;
    },
    inMs: (ms: number) => new Date(time + ms),
  };
}

describe("a run that begins", () => {
  test("is the owner at once where there was none", async () => {
    const { owner } = await enter();

    expect(await owner.claim("first")).toEqual({ waitSeconds: 0 });
    expect(await owner.isCurrent("first")).toBe(true);
  });

  test("takes over from one that may still run, and lets one rate window pass", async () => {
    const { owner } = await enter();
    await owner.claim("first");

    expect(await owner.claim("second")).toEqual({ waitSeconds: 60 });
    expect([await owner.isCurrent("first"), await owner.isCurrent("second")]).toEqual([false, true]);
  });

  test("takes an unreadable record for one of a run that may still run, and writes it over", async () => {
    const { owner, bucket } = await enter();
    await bucket.put(key, toBody("{"), "application/json");
    const before = await owner.isCurrent("first");

    expect(await owner.claim("first")).toEqual({ waitSeconds: 60 });
    expect([before, await owner.isCurrent("first")]).toEqual([false, true]);
  });

  test("begins again where it was killed, without waiting for itself", async () => {
    const { owner, aws } = await enter();
    await owner.claim("first");

    const again = await owner.claim("first");

    expect(again).toEqual({ waitSeconds: 0 });
    expect(aws.counters().puts.stored).toBe(1);
  });

  test("and was killed after it had taken over waits for what is left of the window", async () => {
    const { owner, advance } = await enter();
    await owner.claim("first");
    await owner.claim("second");
    advance(20_500);
    const again = await owner.claim("second");
    advance(39_500);

    expect([again, await owner.claim("second")]).toEqual([{ waitSeconds: 40 }, { waitSeconds: 0 }]);
  });

  test("of several at once, one is the owner and the others can see it", async () => {
    const { owner } = await enter();
    const runs = Array.from({ length: 8 }, (_, n) => `run ${n}`);

    await Promise.all(runs.map((run) => owner.claim(run)));

    const owners = await Promise.all(runs.map((run) => owner.isCurrent(run)));
    expect(owners.filter(Boolean)).toHaveLength(1);
  });

  test("is the owner although the response to its claim is lost", async () => {
    const { owner, aws } = await enter();
    aws.plan({ on: { operation: "PutObject" }, what: "lostResponse" });

    expect(await owner.claim("first")).toEqual({ waitSeconds: 0 });
    expect(await owner.isCurrent("first")).toBe(true);
  });
});

describe("a run that begins after one that has ended", () => {
  test("need not wait", async () => {
    const { owner } = await enter();
    await owner.claim("first");
    await owner.release("first");

    expect(await owner.claim("second")).toEqual({ waitSeconds: 0 });
  });

  test("waits until what the ended one has used is free again, also when it is killed and begins anew", async () => {
    const { owner, advance, inMs } = await enter();
    await owner.claim("first");
    await owner.release("first", inMs(90_000));
    advance(30_000);
    const begun = await owner.claim("second");
    advance(10_000);

    expect([begun, await owner.claim("second")]).toEqual([{ waitSeconds: 60 }, { waitSeconds: 50 }]);
  });

  test("need not wait for an instant that has passed", async () => {
    const { owner, advance, inMs } = await enter();
    await owner.claim("first");
    await owner.release("first", inMs(90_000));
    advance(90_000);

    expect(await owner.claim("second")).toEqual({ waitSeconds: 0 });
  });

  test("waits for what was still to be waited for when that one ended at once", async () => {
    const { owner, advance } = await enter();
    await owner.claim("first");
    await owner.claim("second");
    advance(10_000);
    await owner.release("second");

    expect(await owner.claim("third")).toEqual({ waitSeconds: 50 });
  });
});

test("a run that takes over in a longer silence than one window keeps it", async () => {
  const { owner, inMs } = await enter();
  await owner.claim("first");
  await owner.release("first", inMs(300_000));
  await owner.claim("second");

  expect(await owner.claim("third")).toEqual({ waitSeconds: 300 });
});

test("a run that was taken over gives nothing back", async () => {
  const { owner } = await enter();
  await owner.claim("first");
  await owner.claim("second");

  await owner.release("first");

  expect(await owner.claim("third")).toEqual({ waitSeconds: 60 });
});

test("nobody owns a job before its first run", async () => {
  const { owner } = await enter();

  expect(await owner.isCurrent("first")).toBe(false);
  await expect(owner.release("first")).resolves.toBeUndefined();
});
