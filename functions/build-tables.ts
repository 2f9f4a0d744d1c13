import { buildTables } from "../shared/jobs/build-tables/build-tables.ts";
import { durable } from "../shared/runtime/durable.ts";

export const handler = durable(buildTables);
