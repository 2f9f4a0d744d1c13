import { archiveCalls } from "../shared/jobs/archive-calls/archive-calls.ts";
import { durable } from "../shared/runtime/durable.ts";

export const handler = durable(archiveCalls);
