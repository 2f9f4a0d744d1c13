import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { describe, expect, test } from "vitest";
import { createClock } from "../clock.ts";
import { enterLab, outcomeOf, s3Client, secretsClient } from "./trial/lab-under-test.ts";
import { sendRaw } from "./trial/raw-request.ts";

const night = new Date("2031-03-09T02:00:00Z");
const hours = (count: number) => count * 3_600_000;

describe("the lab's clock", () => {
  test.each([
    ["16 minutes behind", -16 * 60_000, "403 RequestTimeTooSkewed"],
    ["16 minutes ahead", 16 * 60_000, "403 RequestTimeTooSkewed"],
    ["14 minutes behind", -14 * 60_000, "200 undefined"],
  ])("decides whether a request dated %s is too old or too new", async (_what, skewMs, outcome) => {
    const clock = createClock(night);
    const aws = await enterLab({ clock });
    const now = new Date(clock.now() + skewMs);

    const response = await sendRaw({ url: aws.url, path: "/state/a", body: "x", now });

    expect(`${response.status} ${response.code}`).toBe(outcome);
  });

  test("is adopted by the SDK, which repeats a request that was dated by another clock", async () => {
    const aws = await enterLab({ clock: createClock(night), secrets: { "rc/main": "{}" } });

    const put = s3Client(aws).send(new PutObjectCommand({ Bucket: "state", Key: "a", Body: "x" }));
    const read = secretsClient(aws).send(new GetSecretValueCommand({ SecretId: "rc/main" }));

    expect([await outcomeOf(put), await outcomeOf(read)]).toEqual(["accepted", "accepted"]);
    expect(aws.counters()).toMatchObject({
      requests: { PutObject: 2, GetSecretValue: 2 },
      refused: { "403 RequestTimeTooSkewed": 1, "400 InvalidSignatureException": 1 },
    });
  });

  test("is not compared with a request if the check is switched off", async () => {
    const aws = await enterLab({ clock: createClock(night), checkSkew: false });
    const client = s3Client(aws, { maxAttempts: 1 });

    expect(await outcomeOf(client.send(new PutObjectCommand({ Bucket: "state", Key: "a", Body: "x" })))).toBe(
      "accepted",
    );
  });

  test("dates objects", async () => {
    const clock = createClock(night);
    const client = s3Client(await enterLab({ clock }));
    const lastModified = async () => {
      await client.send(new PutObjectCommand({ Bucket: "state", Key: "a", Body: "x" }));
      return (await client.send(new HeadObjectCommand({ Bucket: "state", Key: "a" }))).LastModified?.getTime() ?? 0;
    };

    const first = await lastModified();
    clock.advance(hours(24));
    const second = await lastModified();

    expect(first - night.getTime()).toBeLessThan(60_000);
    expect(second - first).toBeGreaterThanOrEqual(hours(24));
    expect(second - first).toBeLessThan(hours(24) + 60_000);
  });

  test.each([
    ["a success", "PUT", "/state/a", 200],
    ["an error", "GET", "/state/not-there", 404],
    ["an error without a body", "HEAD", "/state/not-there", 404],
    ["a refused bucket", "GET", "/not-there/a", 404],
  ])("dates %s, which also carries a request id", async (_what, method, path, status) => {
    const clock = createClock(night);
    const aws = await enterLab({ clock });

    const response = await sendRaw({ url: aws.url, method, path, now: new Date(clock.now()) });

    expect(response.status).toBe(status);
    expect(Math.abs(Date.parse(String(response.headers.date)) - clock.now())).toBeLessThan(60_000);
    expect(response.headers["x-amz-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });
});
