import { describe, expect, test } from "vitest";
import { toBody } from "../../shared/aws/bucket.ts";
import { createRunOwner, isAtWork, OwnerRecord } from "../../shared/aws/run-owner.ts";
import { versionedObject } from "../../shared/aws/versioned-object.ts";
import { openS3 } from "../support/aws/open-s3.ts";

const key = "owners/job.json";

/** The owner object of one job in S3. */
async function enter() {
  const { aws, state: bucket } = await openS3();
  let nonces = 0;
  let time = Date.parse("2026-11-04T08:30:00Z");
  let jobs = 1;
  const options = { now: () => new Date(time), nonce: () => `nonce ${++nonces}`, jobsAtWork: async () => jobs };
  return {
    aws,
    bucket,
    owner: createRunOwner(versionedObject(bucket, key, OwnerRecord), options),
    advance: (ms: number) => {
      time += ms;
    },
    otherJobBegins: () => {
      jobs = 2;
    },
    inMs: (ms: number) => new Date(time + ms),
  };
}

describe("a run that begins", () => {
  test("is the owner at once if there was none", async () => {
    const { owner } = await enter();

    expect(await owner.claim("first")).toEqual({ waitSeconds: 0 });
    expect(await owner.isCurrent("first")).toBe(true);
  });

  test("takes over from one that may still be running, and waits for one rate window", async () => {
    const { owner } = await enter();
    await owner.claim("first");

    expect(await owner.claim("second")).toEqual({ waitSeconds: 60 });
    expect([await owner.isCurrent("first"), await owner.isCurrent("second")]).toEqual([false, true]);
  });

  test("treats an unreadable record as one of a run that may still be running, and replaces it", async () => {
    const { owner, bucket } = await enter();
    await bucket.put(key, toBody("{"), "application/json");
    const before = await owner.isCurrent("first");

    expect(await owner.claim("first")).toEqual({ waitSeconds: 60 });
    expect([before, await owner.isCurrent("first")]).toEqual([false, true]);
  });

  test("begins again after a kill without waiting for itself", async () => {
    const { owner, aws } = await enter();
    await owner.claim("first");

    const again = await owner.claim("first");

    expect(again).toEqual({ waitSeconds: 0 });
    expect(aws.counters().puts.stored).toBe(1);
  });

  test("that was killed after it had taken over waits for the rest of the window", async () => {
    const { owner, advance } = await enter();
    await owner.claim("first");
    await owner.claim("second");
    advance(20_500);
    const again = await owner.claim("second");
    advance(39_500);

    expect([again, await owner.claim("second")]).toEqual([{ waitSeconds: 40 }, { waitSeconds: 0 }]);
  });

  test("shares no job: of eight that begin at once, exactly one is the owner", async () => {
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
  test("does not wait", async () => {
    const { owner } = await enter();
    await owner.claim("first");
    await owner.release("first");

    expect(await owner.claim("second")).toEqual({ waitSeconds: 0 });
  });

  test("waits until the ended run's requests have left the window, even if it is killed and begins again", async () => {
    const { owner, advance, inMs } = await enter();
    await owner.claim("first");
    await owner.release("first", inMs(90_000));
    advance(30_000);
    const begun = await owner.claim("second");
    advance(10_000);

    expect([begun, await owner.claim("second")]).toEqual([{ waitSeconds: 60 }, { waitSeconds: 50 }]);
  });

  test("does not wait for an instant that has passed", async () => {
    const { owner, advance, inMs } = await enter();
    await owner.claim("first");
    await owner.release("first", inMs(90_000));
    advance(90_000);

    expect(await owner.claim("second")).toEqual({ waitSeconds: 0 });
  });

  test("waits as long as the ended run would have had to", async () => {
    const { owner, advance } = await enter();
    await owner.claim("first");
    await owner.claim("second");
    advance(10_000);
    await owner.release("second");

    expect(await owner.claim("third")).toEqual({ waitSeconds: 50 });
  });
});

describe("a run that begins while another job is at work on its rate group", () => {
  test("waits until that job has noticed it, and a rate window longer", async () => {
    const { owner, otherJobBegins } = await enter();
    otherJobBegins();

    expect(await owner.claim("first")).toEqual({ waitSeconds: 90 });
  });

  test("waits for the rest if it is killed and begins again", async () => {
    const { owner, otherJobBegins, advance } = await enter();
    otherJobBegins();
    await owner.claim("first");
    advance(50_000);

    expect(await owner.claim("first")).toEqual({ waitSeconds: 40 });
  });
});

describe("a job", () => {
  const since = "2026-11-04T08:30:00.000Z";
  const record = { nonce: "n", run: "first", since };
  const later = (ms: number) => new Date(Date.parse(since) + ms);
  const weekMs = 7 * 24 * 3_600_000;

  test("is at work until its run has ended", () => {
    expect(isAtWork(record, later(1))).toBe(true);
    expect(isAtWork({ ...record, ended: since }, later(1))).toBe(false);
    expect(isAtWork(undefined, later(1))).toBe(false);
  });

  test("whose run died is no longer at work when AWS would have ended that run", () => {
    expect([isAtWork(record, later(weekMs - 1)), isAtWork(record, later(weekMs))]).toEqual([true, false]);
  });
});

test("a run that takes over during a block longer than one window keeps that block", async () => {
  const { owner, inMs } = await enter();
  await owner.claim("first");
  await owner.release("first", inMs(300_000));
  await owner.claim("second");

  expect(await owner.claim("third")).toEqual({ waitSeconds: 300 });
});

test("a run that was taken over does not give up the job", async () => {
  const { owner } = await enter();
  await owner.claim("first");
  await owner.claim("second");

  await owner.release("first");

  expect(await owner.claim("third")).toEqual({ waitSeconds: 60 });
});

test("a job has no owner before its first run", async () => {
  const { owner } = await enter();

  expect(await owner.isCurrent("first")).toBe(false);
  await expect(owner.release("first")).resolves.toBeUndefined();
});
