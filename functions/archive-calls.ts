import { archiveCalls } from "../shared/archive/archive-calls.ts";
import { durable } from "../shared/runtime/durable.ts";

export const handler = durable(archiveCalls);
