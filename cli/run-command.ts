import { S3Client } from "@aws-sdk/client-s3";
import { type Bucket, createBucket } from "../shared/aws/bucket.ts";
import { JobError, serializeError } from "../shared/errors.ts";
import { cliHint } from "./cli-hint.ts";

/** Runs a command for people: what it throws is told in one line, with what to do in another; exit status 2. */
export async function runCommand(command: (args: readonly string[]) => Promise<number>): Promise<void> {
  // Whoever reads no further, as `head` does, is told nothing any more.
  process.stdout.on("error", () => process.exit(2));
  try {
    process.exitCode = await command(process.argv.slice(2));
  } catch (error) {
    const facts = serializeError(error);
    const hint = cliHint(facts);
    process.stderr.write(`${printable(`${facts.code}: ${facts.message}`)}\n${hint && `${hint}\n`}`);
    process.exitCode = 2;
  }
}

/** Writes one line. */
export function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

/** The archive that is meant, in whatever AWS account and region the environment names. @throws JobError CONFIG_INVALID */
export async function openArchive(bucket: string): Promise<Bucket> {
  const client = new S3Client({
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000 },
    // Damage shall be found and named; the SDK's own check would break off in the middle of an object.
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const { region, credentials } = client.config;
  await read(region, "The environment names no AWS region", "Set AWS_REGION to the bucket's.");
  await read(credentials, "No AWS credentials were found", "Log in by aws sso login, or set AWS_PROFILE.");
  return createBucket(client, bucket);
}

async function read(setting: () => Promise<unknown>, message: string, hint: string): Promise<void> {
  try {
    await setting();
  } catch (cause) {
    throw new JobError("CONFIG_INVALID", message, { cause, hint });
  }
}

/** Text from a key or a record, in which a terminal shall see neither a command nor the end of a line; JSON stays what it is. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
