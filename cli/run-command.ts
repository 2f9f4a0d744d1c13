import { S3Client } from "@aws-sdk/client-s3";
import { type Bucket, createBucket } from "../shared/aws/bucket.ts";
import { JobError, serializeError } from "../shared/errors.ts";
import { cliHint } from "./cli-hint.ts";

/** Runs a command and sets its exit status. An error is printed as one line, its hint as another; its exit status is 2. */
export async function runCommand(command: (args: readonly string[]) => Promise<number>): Promise<void> {
  // The reader of a pipe, such as `head`, has closed it.
  process.stdout.on("error", () => process.exit(2));
  try {
    process.exitCode = await command(process.argv.slice(2));
  } catch (error) {
    const serialized = serializeError(error);
    const hint = cliHint(serialized);
    process.stderr.write(`${printable(`${serialized.code}: ${serialized.message}`)}\n${hint && `${hint}\n`}`);
    process.exitCode = 2;
  }
}

/** Prints one line, with control characters escaped. */
export function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

/** Opens a bucket with the environment's AWS login. @throws CONFIG_INVALID when region or credentials are missing */
export async function openArchive(bucket: string): Promise<Bucket> {
  const client = new S3Client({
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000 },
    // A changed object must become a finding; the SDK's own check would throw in the middle of it.
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const { region, credentials } = client.config;
  await requireSetting(region, "No AWS region is set", "Set AWS_REGION to the bucket's region.");
  await requireSetting(credentials, "No AWS credentials were found", "Run aws sso login, or set AWS_PROFILE.");
  return createBucket(client, bucket);
}

async function requireSetting(setting: () => Promise<unknown>, message: string, hint: string): Promise<void> {
  try {
    await setting();
  } catch (cause) {
    throw new JobError("CONFIG_INVALID", message, { cause, hint });
  }
}

/** Escapes control characters and line ends, so that a key or record cannot command a terminal. JSON keeps its meaning. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
