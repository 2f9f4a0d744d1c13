import { type Aws, startAws } from "../aws/server.ts";
import { createClock } from "../clock.ts";
import { archiveBucket, derivedBucket, stateBucket } from "./cloud.ts";

/** The stack that a reopened lab describes. */
const stack = "nightshift-lab";
const hourMs = 3_600_000;

/** AWS over the folder of earlier nights, and the environment in which a user has logged in to it. */
interface ReopenedAws extends Pick<Aws, "stop"> {
  readonly environment: Readonly<Record<string, string>>;
}

/** Opens it with the stack's outputs. Its clock shows an hour after the last write. */
export async function reopenAws(dir: string): Promise<ReopenedAws> {
  const clock = createClock();
  const outputs = {
    ArchiveBucket: `s3://${archiveBucket}/`,
    StateBucket: `s3://${stateBucket}/`,
    DerivedBucket: `s3://${derivedBucket}/`,
  };
  const aws = await startAws({ dir, clock, buckets: {}, stacks: { [stack]: outputs }, checkSkew: false });
  let lastMs = 0;
  for await (const { lastModifiedMs } of aws.objects(archiveBucket)) lastMs = Math.max(lastMs, lastModifiedMs);
  clock.advance(lastMs + hourMs - clock.now());
  const environment = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "lab",
    AWS_SECRET_ACCESS_KEY: "lab",
  };
  return { environment, stop: aws.stop };
}
