import { createHash } from "node:crypto";
import { archiveServices } from "../../shared/jobs/archive-calls/services.ts";

const { services } = archiveServices(process.env);

/** Gets a token as a job does and returns only its hash. */
export const handler = async () => {
  const { broker } = await services({ name: "token", manual: false });
  return createHash("sha256")
    .update(await broker.token())
    .digest("hex");
};
