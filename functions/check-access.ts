import { checkAccess } from "../shared/jobs/check-access/check-access.ts";
import { durable } from "../shared/runtime/durable.ts";

export const handler = durable(checkAccess);
