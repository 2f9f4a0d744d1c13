import { S3Client } from "@aws-sdk/client-s3";
import { createBucket } from "../aws/bucket.ts";
import { createS3Clock } from "../aws/s3-clock.ts";
import { Env } from "../contract.ts";
import { stateKeys } from "../core/object-keys.ts";
import { parseConfig } from "../runtime/config.ts";
import type { CheckRequest } from "../runtime/start-run.ts";
import { checkArchiveRequest } from "./check-request.ts";
import { estimateArchive } from "./estimate.ts";
import { ArchiveEnvironment, rulesOf } from "./settings.ts";

/** How `start-run` checks a request for `archive-calls` and tells what it will do. */
export function archiveStart(environment: Readonly<Record<string, string | undefined>>): CheckRequest {
  const s3 = new S3Client({});
  const now = createS3Clock(s3, Date.now);
  return async (fields) => {
    const config = parseConfig(ArchiveEnvironment, environment);
    const archive = createBucket(s3, config[Env.archiveBucket]);
    const state = createBucket(s3, config[Env.stateBucket]);
    // Any answer of S3's sets the clock by which days have begun.
    await state.head(stateKeys.account);
    const at = now();
    const timeZone = config[Env.timeZone];
    const { wrong, request } = checkArchiveRequest(fields, { now: at, timeZone });
    const options = { archive, state, now: at, timeZone, archiveFrom: config[Env.archiveFrom], rules: rulesOf(config) };
    return { wrong, request, at, estimate: () => estimateArchive(options, request) };
  };
}
