import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { describeBuckets } from "./conformance/buckets.ts";
import { describeChecksums } from "./conformance/checksums.ts";
import { describeConditionalDeletes } from "./conformance/conditional-deletes.ts";
import { describeConditionalReads } from "./conformance/conditional-reads.ts";
import { describeConditionalWrites } from "./conformance/conditional-writes.ts";
import { describeCopies } from "./conformance/copies.ts";
import { describeListings } from "./conformance/listings.ts";
import { describeObjects } from "./conformance/objects.ts";
import { enterS3, type S3UnderTest } from "./conformance/s3-under-test.ts";
import { describeVersions } from "./conformance/versions.ts";
import { openAws, startAws } from "./server.ts";

const region = process.env.AWS_REGION ?? "us-east-1";
const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };

interface Entered {
  readonly underTest: S3UnderTest;
  readonly stop: () => Promise<void>;
}

async function enterNamed(): Promise<Entered> {
  return { underTest: await enterS3({ region }), stop: async () => {} };
}

async function enterOverHttp(): Promise<Entered> {
  const dir = await mkdtemp(join(tmpdir(), "lab-s3-"));
  const aws = await startAws({ dir, buckets: {} });
  const stop = async () => {
    await aws.stop();
    await rm(dir, { recursive: true });
  };
  return { underTest: await enterS3({ region, endpoint: aws.url, credentials }), stop };
}

async function enterInProcess(): Promise<Entered> {
  const { requestHandler } = await openAws({ buckets: {} });
  const underTest = await enterS3({ region, endpoint: "http://127.0.0.1", credentials, requestHandler });
  return { underTest, stop: async () => {} };
}

const servers: readonly (readonly [string, () => Promise<Entered>])[] = process.env.AWS_ENDPOINT_URL_S3
  ? [["that AWS_ENDPOINT_URL_S3 names", enterNamed]]
  : [
      ["of the lab, over HTTP and on disk", enterOverHttp],
      ["of the lab, in process and in memory", enterInProcess],
    ];

/** Runs against the lab's own S3, or against the one that `AWS_ENDPOINT_URL_S3` and the usual AWS variables name. */
describe.each(servers)("the S3 %s", (_name, enter) => {
  let entered: Entered | undefined;
  const s3 = (): S3UnderTest => {
    if (!entered) throw new Error("The suite has not been set up");
    return entered.underTest;
  };

  beforeAll(async () => {
    entered = await enter();
  });

  afterAll(async () => {
    await entered?.underTest.leave();
    await entered?.stop();
  });

  describeBuckets(s3);
  describeObjects(s3);
  describeChecksums(s3);
  describeConditionalWrites(s3);
  describeConditionalDeletes(s3);
  describeConditionalReads(s3);
  describeCopies(s3);
  describeListings(s3);
  describeVersions(s3);
});
