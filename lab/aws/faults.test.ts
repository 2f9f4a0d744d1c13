import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { describe, expect, test } from "vitest";
import { enterLab, outcomeOf, s3Client, secretsClient } from "./trial/lab-under-test.ts";

const put = (client: S3Client, Key: string, more = {}) =>
  client.send(new PutObjectCommand({ Bucket: "state", Key, Body: "x", ...more }));
const get = (client: S3Client, Key: string) => client.send(new GetObjectCommand({ Bucket: "state", Key }));

describe("a planned fault", () => {
  test("`lostResponse` stores the object, but the caller gets no response", async () => {
    const aws = await enterLab();
    const client = s3Client(aws, { maxAttempts: 1 });
    aws.plan({ on: { operation: "PutObject" }, what: "lostResponse" });

    expect(await outcomeOf(put(client, "a"))).not.toBe("accepted");
    expect(await outcomeOf(get(client, "a"))).toBe("accepted");
    expect(aws.counters().puts.stored).toBe(1);
  });

  test("`lostResponse` lets a repeated conditional put lose against itself", async () => {
    const aws = await enterLab();
    aws.plan({ on: { operation: "PutObject" }, what: "lostResponse" });

    expect(await outcomeOf(put(s3Client(aws), "a", { IfNoneMatch: "*" }))).toBe("PreconditionFailed");
    expect(aws.counters().puts).toMatchObject({ stored: 1, preconditionFailed: 1 });
  });

  test("`drop` stores nothing", async () => {
    const aws = await enterLab();
    const client = s3Client(aws, { maxAttempts: 1 });
    aws.plan({ on: { operation: "PutObject" }, what: "drop" });

    expect(await outcomeOf(put(client, "a"))).not.toBe("accepted");
    expect(await outcomeOf(get(client, "a"))).toBe("NoSuchKey");
  });

  test("`stall` leaves the caller waiting, and the lab still stops", async () => {
    const aws = await enterLab();
    const client = s3Client(aws, { maxAttempts: 1 });
    const requested = new Promise<void>((resolve) => aws.setObserver(() => resolve()));
    aws.plan({ on: { operation: "PutObject" }, what: "stall" });
    const outcome = outcomeOf(put(client, "a"));
    await requested;

    await aws.stop();

    expect(await outcome).not.toBe("accepted");
    expect(aws.counters().puts.stored).toBe(0);
  });

  test.each([
    [503, "SlowDown"],
    [500, "InternalError"],
    [403, "AccessDenied"],
    [409, "ConditionalRequestConflict"],
  ])("answers %i %s as S3 would", async (status, code) => {
    const aws = await enterLab();
    aws.plan({ on: { operation: "PutObject" }, what: { status, code } });

    const work = put(s3Client(aws, { maxAttempts: 1 }), "a");

    await expect(work).rejects.toMatchObject({ name: code, $metadata: { httpStatusCode: status } });
    expect(aws.counters().refused).toEqual({ [`${status} ${code}`]: 1 });
  });

  test("strikes only the calls that it names, as often as it says, after as many successes as it says", async () => {
    const aws = await enterLab();
    const client = s3Client(aws, { maxAttempts: 1 });
    const what = { status: 403, code: "AccessDenied" };
    aws.plan({ on: { bucket: "state", key: /^calls\//g }, after: 1, times: 2, what });

    const keys = ["other", "calls/1", "calls/2", "calls/3", "calls/4"];
    const outcomes: string[] = [];
    for (const key of keys) outcomes.push(await outcomeOf(put(client, key)));

    expect(outcomes).toEqual(["accepted", "accepted", "AccessDenied", "AccessDenied", "accepted"]);
  });

  test('with `times: "always"` ends when the plan is cleared', async () => {
    const aws = await enterLab();
    const client = s3Client(aws, { maxAttempts: 1 });
    aws.plan({ on: { operation: "HeadObject" }, times: "always", what: { status: 403, code: "AccessDenied" } });
    const head = async () => {
      const work = client.send(new HeadObjectCommand({ Bucket: "state", Key: "a" }));
      return work.catch((error: { $metadata?: { httpStatusCode?: number } }) => error.$metadata?.httpStatusCode);
    };

    expect([await head(), await head()]).toEqual([403, 403]);
    aws.clearFaults();
    expect(await head()).toBe(404);
  });

  test("strikes a secret by its name", async () => {
    const aws = await enterLab({ secrets: { "rc/main": "{}" } });
    const what = { status: 400, code: "AccessDeniedException" };
    aws.plan({ on: { operation: "GetSecretValue", key: "rc/main" }, what });
    const read = () => secretsClient(aws).send(new GetSecretValueCommand({ SecretId: "rc/main" }));

    expect(await outcomeOf(read())).toBe("AccessDeniedException");
    expect(await outcomeOf(read())).toBe("accepted");
  });
});

describe("the counters", () => {
  test("count requests by operation and by prefix, and stored objects", async () => {
    const aws = await enterLab();
    const client = s3Client(aws);

    await put(client, "calls/1");
    await put(client, "calls/2", { Body: "12345" });
    await outcomeOf(put(client, "calls/1", { IfNoneMatch: "*" }));
    await get(client, "calls/1");

    expect(aws.counters()).toEqual({
      requests: { PutObject: 3, GetObject: 1 },
      prefixes: { "state/calls/": { PutObject: 3, GetObject: 1 } },
      refused: { "412 PreconditionFailed": 1 },
      puts: { stored: 2, storedBytes: 6, preconditionFailed: 1, conflict: 0 },
    });
  });

  test("and the list of objects show how often a key was written", async () => {
    const aws = await enterLab();
    const client = s3Client(aws);
    const hashed = { Bucket: "archive", ChecksumAlgorithm: "SHA256" };
    await put(client, "once", hashed);
    for (let time = 0; time < 2; time++) await put(client, "twice", hashed);

    const listed = [];
    for await (const { key, size, versions, sha256 } of aws.objects("archive")) {
      listed.push({ key, size, versions, sha256 });
    }

    const sha256 = "LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=";
    expect(listed).toEqual([
      { key: "once", size: 1, versions: 1, sha256 },
      { key: "twice", size: 1, versions: 2, sha256 },
    ]);
  });
});
