import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { startAws } from "../server.ts";

/** Puts and gets an object of 120 MiB, and prints how many bytes came back and by how many bytes this process grew. */
const mib = 1024 * 1024;
const count = 120;
const dir = await mkdtemp(join(tmpdir(), "nightshift-long-call-"));
const aws = await startAws({ dir, buckets: { archive: {} } });
const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
const client = new S3Client({ endpoint: aws.url, region: "us-east-1", credentials, forcePathStyle: true });
try {
  const piece = Buffer.alloc(mib, "0123456789abcdef");
  const target = { Bucket: "archive", Key: "long-call.wav" };
  const before = process.memoryUsage.rss();
  let peak = before;
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const pieces = function* () {
    for (let index = 0; index < count; index++) {
      look();
      yield piece;
    }
  };
  await client.send(new PutObjectCommand({ ...target, Body: Readable.from(pieces()), ContentLength: count * mib }));
  const { Body } = await client.send(new GetObjectCommand(target));
  let received = 0;
  for await (const bytes of Body as Readable) {
    received += bytes.length;
    look();
  }
  process.stdout.write(JSON.stringify({ received, grown: peak - before }));
} finally {
  client.destroy();
  await aws.stop();
  await rm(dir, { recursive: true, force: true });
}
