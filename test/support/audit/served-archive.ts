import type { S3ClientConfig } from "@aws-sdk/client-s3";
import { type Aws, startAws } from "../../../lab/aws/server.ts";
import { createClock } from "../../../lab/clock.ts";
import { StackOutput } from "../../../shared/contract.ts";
import { jobs } from "../../../shared/jobs.ts";
import { temporaryFolder } from "../infra/temporary-folder.ts";
import {
  type ArchiveLab,
  type ArchiveLabOptions,
  archiveLabOver,
  archiveName,
  awsOptions,
  lab,
} from "./archive-lab.ts";

export const stackName = "nightshift-sample";
/** The same, as deployed from a settings file `nightshift-own.json`. */
const prefixedStackName = "nightshift-nightshift-own";

/** An archive over HTTP, as the command line needs it. */
export interface ServedArchive extends ArchiveLab {
  readonly aws: Aws;
  /** The log of each function, as lines of JSON. A test may add to it. */
  readonly logs: Record<string, string>;
  /** Endpoint of its AWS, in the form of the SDK's configuration. */
  readonly at: Pick<S3ClientConfig, "endpoint" | "region" | "credentials">;
  /** A folder for the files of a test. */
  readonly dir: string;
  readonly stop: () => Promise<void>;
}

export interface ServedArchiveOptions extends ArchiveLabOptions {
  /** A folder for the buckets. @default in memory */
  readonly buckets?: string;
}

/** The outputs of a stack that the command line reads. */
function outputsOf({
  archive,
  state,
  derived,
}: Readonly<Record<"archive" | "state" | "derived", string>>): Readonly<Record<string, string>> {
  return {
    [StackOutput.archiveBucket]: `s3://${archive}/`,
    [StackOutput.stateBucket]: `s3://${state}/`,
    [StackOutput.derivedBucket]: `s3://${derived}/`,
    [StackOutput.startRun]: "start-run",
    [StackOutput.credentialSecret]: "credential",
    ...Object.fromEntries(Object.keys(jobs).map((job) => [StackOutput.jobFunction(job), job])),
    ...Object.fromEntries(["start-run", ...Object.keys(jobs)].map((name) => [StackOutput.log(name), name])),
    [StackOutput.jobSchedule("archive-calls")]: "cron(30 3 * * ? *) America/New_York",
  };
}

export async function serveArchive(now: Date, { buckets, ...options }: ServedArchiveOptions): Promise<ServedArchive> {
  const clock = createClock(now);
  const outputs = outputsOf({ archive: archiveName, state: "state", derived: "derived" });
  const stacks = { [stackName]: outputs, [prefixedStackName]: outputs };
  const logs: Record<string, string> = Object.fromEntries(
    ["start-run", ...Object.keys(jobs)].map((name) => [name, ""]),
  );
  const secrets = { credential: undefined };
  const readLog = (name: string) => logs[name];
  const aws = await startAws({ ...awsOptions(options), dir: buckets, clock, stacks, secrets, readLog });
  const at = { ...lab, endpoint: aws.url };
  const archive = archiveLabOver(aws, clock, at);
  const stop = async () => {
    archive.client.destroy();
    archive.kms.destroy();
    await aws.stop();
  };
  return { ...archive, logs, at, dir: temporaryFolder("served"), stop };
}
