import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { describeBuckets } from "./conformance/buckets.ts";
import { describeChecksums } from "./conformance/checksums.ts";
import { describeConditionalReads } from "./conformance/conditional-reads.ts";
import { describeConditionalWrites } from "./conformance/conditional-writes.ts";
import { describeCopies } from "./conformance/copies.ts";
import { describeListings } from "./conformance/listings.ts";
import { describeMultipart } from "./conformance/multipart.ts";
import { describeObjects } from "./conformance/objects.ts";
import { enterS3, type S3UnderTest } from "./conformance/s3-under-test.ts";
import { describeTags } from "./conformance/tags.ts";
import { describeVersions } from "./conformance/versions.ts";
import { startAws } from "./server.ts";

/** Runs against the lab's own S3, or against the one that `AWS_ENDPOINT_URL_S3` and the usual AWS variables name. */
describe("S3", () => {
  let underTest: S3UnderTest | undefined;
  let stop = async () => {};
  const s3 = (): S3UnderTest => {
    if (!underTest) throw new Error("The suite has not been set up");
    return underTest;
  };

  beforeAll(async () => {
    const region = process.env.AWS_REGION ?? "us-east-1";
    if (process.env.AWS_ENDPOINT_URL_S3) {
      underTest = await enterS3({ region });
      return;
    }
    const dir = await mkdtemp(join(tmpdir(), "lab-s3-"));
    const aws = await startAws({ dir, buckets: {} });
    stop = async () => {
      await aws.stop();
      await rm(dir, { recursive: true });
    };
    const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
    underTest = await enterS3({ region, endpoint: aws.url, credentials });
  });

  afterAll(async () => {
    await underTest?.leave();
    await stop();
  });

  describeBuckets(s3);
  describeObjects(s3);
  describeChecksums(s3);
  describeConditionalWrites(s3);
  describeConditionalReads(s3);
  describeMultipart(s3);
  describeListings(s3);
  describeVersions(s3);
  describeTags(s3);
  describeCopies(s3);
});
