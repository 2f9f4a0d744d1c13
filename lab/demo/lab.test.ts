import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { startAws } from "../aws/server.ts";
import { createClock } from "../clock.ts";
import { archiveBucket, derivedBucket, stateBucket } from "./cloud.ts";

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

/** A folder in which a lab has an archive, whose only manifest is damaged, and one page. */
async function folderWithLab(): Promise<string> {
  const cwd = await folder();
  const clock = createClock(new Date("2026-11-03T08:00:00Z"));
  const buckets = { [archiveBucket]: {}, [stateBucket]: {}, [derivedBucket]: {} };
  const aws = await startAws({ dir: join(cwd, "archive/lab"), clock, buckets });
  const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
  const client = new S3Client({ endpoint: aws.url, region: "us-east-1", credentials });
  const Key = "manifests/account=7/date=2026-11-02.json";
  await client.send(new PutObjectCommand({ Bucket: archiveBucket, Key, Body: "{" }));
  const page = { Bucket: derivedBucket, Key: "pages/2026-11-02.html", Body: "page" };
  await client.send(new PutObjectCommand(page));
  client.destroy();
  await aws.stop();
  return cwd;
}

test("a command finds the lab's stack and its clock, and its exit status is passed on", async () => {
  const cwd = await folderWithLab();

  const ended = lab(cwd, "nightshift", "status", "--stack", "lab");

  // A day that no run has begun would be named if the clock were this machine's.
  const sentence = "No day is complete yet; 1 manifest damaged; see verifying in docs/operations.md.";
  await expect(ended).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining(`${sentence}\n`) });
});

test("a command that has ended with 0 ends so, and what else the lab's user must know is said beside it", async () => {
  const { stdout, stderr } = await lab(await folderWithLab(), "nightshift", "page", "--stack", "lab");

  expect(stdout).toMatch(/^http\S+\n$/);
  expect(stderr).toContain("In the lab the link ends with its command.");
});
