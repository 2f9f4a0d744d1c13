import { durable } from "../shared/runtime/durable.ts";
import { buildTables } from "../shared/tables/build-tables.ts";

export const handler = durable(buildTables);
