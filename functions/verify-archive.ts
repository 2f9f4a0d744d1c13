import { verifyArchive } from "../shared/jobs/verify-archive/verify-archive.ts";
import { durable } from "../shared/runtime/durable.ts";

export const handler = durable(verifyArchive);
