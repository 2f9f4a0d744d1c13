import { buildPages } from "../shared/jobs/build-pages/build-pages.ts";
import { durable } from "../shared/runtime/durable.ts";

export const handler = durable(buildPages);
