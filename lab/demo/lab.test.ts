import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { startAws } from "../aws/server.ts";
import { createClock } from "../clock.ts";
import { archiveBucket, stateBucket } from "./cloud.ts";

const run = promisify(execFile);
const script = join(import.meta.dirname, "lab.ts");

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "nightshift-lab-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}
const lab = (cwd: string, ...args: string[]) => run(process.execPath, [script, ...args], { cwd });

test("a lab that no nights have made is refused with what to do", async () => {
  const refused = lab(await folder(), "nightshift", "status", "--stack", "lab");

  await expect(refused).rejects.toMatchObject({ code: 2, stderr: "There is no lab yet: run npm start first.\n" });
});

test("only nightshift is run in the lab", async () => {
  await expect(lab(await folder(), "status")).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^npm run lab -- nightshift/),
  });
});

test("a command finds the lab's stack and its clock, and its exit status is passed on", async () => {
  const cwd = await folder();
  const clock = createClock(new Date("2026-11-03T08:00:00Z"));
  const buckets = { [archiveBucket]: {}, [stateBucket]: {} };
  const aws = await startAws({ dir: join(cwd, "archive/lab"), clock, buckets });
  const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
  const client = new S3Client({ endpoint: aws.url, region: "us-east-1", credentials });
  const Key = "manifests/account=7/date=2026-11-02.json";
  await client.send(new PutObjectCommand({ Bucket: archiveBucket, Key, Body: "{" }));
  client.destroy();
  await aws.stop();

  const ended = lab(cwd, "nightshift", "status", "--stack", "lab");

  // A day that no run has begun would be named if the clock were this machine's.
  const sentence = "No day is complete yet; 1 manifest damaged; see verifying in docs/operations.md.";
  await expect(ended).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining(`${sentence}\n`) });
});
