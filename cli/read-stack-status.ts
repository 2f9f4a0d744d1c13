import type { Bucket } from "../shared/aws/bucket.ts";
import { hasCode } from "../shared/errors.ts";
import { readStatus, type StatusReport } from "../shared/status/read-status.ts";
import type { StackOutputs } from "./open-stack.ts";
import { openBuckets } from "./open-target.ts";

interface StackStatus {
  /** Undefined while the archive holds nothing. */
  readonly report: StatusReport | undefined;
  readonly sentence: string;
  readonly state: Bucket;
}

/** Reads how the archive of a stack stands, after one of its runs. @throws STORAGE_FAILED */
export async function readStackStatus(stack: StackOutputs): Promise<StackStatus> {
  const { archive, state } = await openBuckets(stack);
  const place = { archive: archive.bucket, state: state.bucket, account: undefined, now: archive.now };
  const report = await readStatus(place).catch((error: unknown) => {
    if (hasCode(error, "REQUEST_INVALID")) return undefined;
    throw error;
  });
  return { report, sentence: report?.sentence ?? "Nothing is archived yet.", state: state.bucket };
}
