import { Readable } from "node:stream";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { enterFolderLab, s3Client } from "./trial/lab-under-test.ts";

const mib = 1024 * 1024;
const count = 120;

test("an object of 120 MiB goes in and out without being held in memory", async () => {
  const piece = Buffer.alloc(mib, "0123456789abcdef");
  const client = s3Client(await enterFolderLab());
  const target = { Bucket: "archive", Key: "long-call.wav" };
  const before = process.memoryUsage.rss();
  let peak = before;
  const look = (): void => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let index = 0; index < count; index++) {
      look();
      yield piece;
    }
  }

  await client.send(new PutObjectCommand({ ...target, Body: Readable.from(pieces()), ContentLength: count * mib }));
  const { Body } = await client.send(new GetObjectCommand(target));
  let received = 0;
  if (!(Body instanceof Readable)) throw new Error("The SDK's body is no stream");
  for await (const bytes of Body) {
    if (Math.floor((received + bytes.length) / mib) > Math.floor(received / mib)) look();
    received += bytes.length;
  }

  expect(received).toBe(count * mib);
  expect((peak - before) / mib).toBeLessThan(80);
});
