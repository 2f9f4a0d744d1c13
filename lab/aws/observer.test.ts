import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import type { Moment } from "../observers.ts";
import { enterLab, outcomeOf, s3Client } from "./trial/lab-under-test.ts";
import type { AwsCall } from "./wire.ts";

const put = (client: S3Client, Key: string, more = {}) =>
  client.send(new PutObjectCommand({ Bucket: "state", Key, Body: "x", ...more }));
const get = (client: S3Client, Key: string) => client.send(new GetObjectCommand({ Bucket: "state", Key }));

describe("the observer", () => {
  test("sees each call before it is carried out, and can hold it back", async () => {
    const aws = await enterLab();
    const seen: unknown[] = [];
    aws.setObserver(async (call) => {
      seen.push({ ...call, storedBefore: aws.counters().puts.stored });
    });

    await put(s3Client(aws), "calls/1");

    expect(seen).toEqual([{ operation: "PutObject", bucket: "state", key: "calls/1", storedBefore: 0 }]);
  });

  test("that holds a call for ever keeps it from being carried out when its caller dies", async () => {
    const aws = await enterLab();
    const client = s3Client(aws, { maxAttempts: 1 });
    const caller = new AbortController();
    aws.setObserver(() => {
      queueMicrotask(() => caller.abort());
      return new Promise(() => {});
    });

    const command = new PutObjectCommand({ Bucket: "state", Key: "a", Body: "x" });
    await outcomeOf(client.send(command, { abortSignal: caller.signal }));
    await aws.stop();

    expect(aws.counters().puts.stored).toBe(0);
  });
});

describe("the observer of finished calls", () => {
  test("is notified of each call after it was carried out, and of no refused call", async () => {
    const aws = await enterLab();
    const client = s3Client(aws, { maxAttempts: 1 });
    const seen: unknown[] = [];
    const note = ({ operation }: AwsCall, when: Moment) => {
      seen.push([operation, when, aws.counters().puts.stored]);
    };
    aws.setObserver(note);
    aws.setObserver(note, { when: "after" });
    aws.plan({ on: { operation: "HeadObject" }, what: { status: 503, code: "SlowDown" } });

    await put(client, "a");
    await outcomeOf(put(client, "a", { IfNoneMatch: "*" }));
    await outcomeOf(client.send(new HeadObjectCommand({ Bucket: "state", Key: "a" })));
    await outcomeOf(get(client, "not there"));

    expect(seen).toEqual([
      ["PutObject", "before", 0],
      ["PutObject", "after", 1],
      ["PutObject", "before", 1],
      ["HeadObject", "before", 1],
      ["GetObject", "before", 1],
    ]);
  });

  test("is notified of a read before the first byte of its response", async () => {
    const aws = await enterLab();
    const client = s3Client(aws);
    await put(client, "a");
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const requested = new Promise<void>((resolve) => {
      aws.setObserver(
        ({ operation }) => {
          if (operation !== "GetObject") return;
          resolve();
          return held;
        },
        { when: "after" },
      );
    });
    let answered = false;
    const reading = get(client, "a").then(({ Body }) => {
      answered = true;
      return Body?.transformToString();
    });

    await requested;
    await client.send(new HeadObjectCommand({ Bucket: "state", Key: "a" }));
    const answeredWhileHeld = answered;
    letGo();

    expect(answeredWhileHeld).toBe(false);
    expect(await reading).toBe("x");
  });

  test("can kill the caller, which never gets the response", async () => {
    const aws = await enterLab();
    const client = s3Client(aws, { maxAttempts: 1 });
    const caller = new AbortController();
    aws.setObserver(() => caller.abort(), { when: "after" });

    const command = new PutObjectCommand({ Bucket: "state", Key: "a", Body: "x" });
    const outcome = await outcomeOf(client.send(command, { abortSignal: caller.signal }));
    aws.setObserver(undefined, { when: "after" });

    expect(outcome).toBe("AbortError");
    expect(await outcomeOf(get(client, "a"))).toBe("accepted");
  });

  test("is notified even if the response is then lost", async () => {
    const aws = await enterLab();
    let received = 0;
    aws.setObserver(() => void received++, { when: "after" });
    aws.plan({ on: { operation: "PutObject" }, what: "lostResponse" });

    await outcomeOf(put(s3Client(aws, { maxAttempts: 1 }), "a"));

    expect(received).toBe(1);
  });
});
