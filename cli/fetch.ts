import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { access, rename, rm } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { chooseAccount } from "../shared/audit/choose-account.ts";
import { findRecording, type StoredRecording } from "../shared/audit/find-recording.ts";
import type { Bucket } from "../shared/aws/bucket.ts";
import { JobError } from "../shared/errors.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import type { FetchOptions } from "./fetch-command.ts";
import { openTarget } from "./open-target.ts";
import { showProgress } from "./progress.ts";
import { print, type Shell } from "./shell.ts";
import { withTarget } from "./with-target.ts";

const linkSeconds = 120;

/** Writes a recording into a file, or prints a link to it. */
export async function fetchRecording(options: FetchOptions, shell: Shell): Promise<ExitStatus> {
  const { recording: id = "", json = false } = options;
  const { archive } = await openTarget(options);
  const progress = showProgress(shell, archive.bucket);
  const found = await find(progress.bucket, options).finally(progress.end);
  if (!found) {
    const hint = withTarget(`Its state: npx nightshift find --stack <name> --recording ${id}`, options);
    shell.writeError(`No recording ${id} is stored. ${hint}\n`);
    return exitStatus.somethingIsWrong;
  }
  if (options.link) {
    if (!archive.link) throw noLink();
    const url = await archive.link(found.key, linkSeconds);
    print(shell, json ? JSON.stringify({ ...found, url }) : url);
    return exitStatus.whole;
  }
  const file = options.into ?? basename(found.key);
  await refuseExisting(file);
  const sha256 = await download(archive.bucket, found.key, file);
  return report(shell, { found, file, sha256, options });
}

async function find(
  archive: Bucket,
  { recording: id = "", day, account }: FetchOptions,
): Promise<StoredRecording | undefined> {
  return findRecording({ archive, account: await chooseAccount(archive, account), id, day });
}

function noLink(): JobError {
  return new JobError("REQUEST_INVALID", "A folder has no links", { hint: "Leave --link out to copy the file." });
}

async function refuseExisting(file: string): Promise<void> {
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (exists)
    throw new JobError("REQUEST_INVALID", `${file} is there already`, {
      hint: "Move it, or name another file: --into.",
    });
}

/** Writes aside and renames, so that a file of this name is always whole. Returns the SHA-256 in base64. */
async function download(bucket: Bucket, key: string, file: string): Promise<string> {
  const part = `${file}.part`;
  const hash = createHash("sha256");
  try {
    const stored = await bucket.open(key);
    if (!stored)
      throw new JobError("STORAGE_FAILED", `${key} is gone`, { hint: "Run npx nightshift verify --stack <name>." });
    await pipeline(stored.chunks, hashing(hash), createWriteStream(part, { mode: 0o600, flags: "wx" }));
    await rename(part, file);
    return hash.digest("base64");
  } catch (error) {
    await rm(part, { force: true });
    throw error instanceof JobError ? error : notWritten(file, error);
  }
}

function hashing(hash: ReturnType<typeof createHash>) {
  return async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
}

function notWritten(file: string, cause: unknown): JobError {
  const { code = "?" } = cause as { readonly code?: string };
  return new JobError("REQUEST_INVALID", `${file} cannot be written: ${code}`, {
    cause,
    hint: "Name a file that you may write: --into.",
  });
}

interface Fetched {
  readonly found: StoredRecording;
  readonly file: string;
  readonly sha256: string;
  readonly options: FetchOptions;
}

function report(shell: Shell, { found, file, sha256, options }: Fetched): ExitStatus {
  const { day, key, bytes } = found;
  const isSame = found.sha256 === undefined ? undefined : found.sha256 === sha256;
  const check = {
    true: `its SHA-256 is that of the manifest of ${day}`,
    false: `ITS SHA-256 IS NOT that of the manifest of ${day}: run npx nightshift verify --stack <name>`,
    undefined: `no manifest names it yet, so that its SHA-256 was not checked`,
  }[String(isSame) as "true" | "false" | "undefined"];
  const line = withTarget(`${file}: ${bytes} bytes; ${check}.`, options);
  print(shell, options.json ? JSON.stringify({ file, day, key, bytes, sha256, isSame }) : line);
  return isSame === false ? exitStatus.somethingIsWrong : exitStatus.whole;
}
