import type { Message } from "../../aws/topic.ts";
import { morningNote } from "../../core/calls/morning-note.ts";
import { hasCode } from "../../errors.ts";
import { defineJob } from "../../runtime/define-job.ts";
import { readStatus } from "../../status/read-status.ts";
import { readCachedAccount } from "../../storage/cached-account.ts";
import { publishGauges } from "./publish-gauges.ts";
import { StatusRequest } from "./request.ts";
import { sendNote } from "./send-note.ts";
import { statusServices } from "./services.ts";

interface Reported {
  readonly sentence: string;
  /** The morning note; undefined without a status. */
  readonly message?: Message;
}

/** Reads how the archive stands, logs the sentence, publishes its numbers, and sends the morning note if anyone wants it. */
export const reportStatus = defineJob({
  name: "report-status",
  request: StatusRequest,
  open: statusServices,
  run: async (_request, context) => {
    const { sentence, message } = await context.step("read status", async (services): Promise<Reported> => {
      const { archive, state, log, now, metrics, stack, buildsPages } = services;
      const account = await readCachedAccount(state);
      if (!account) return { sentence: "No run has identified the account yet." };
      const report = await readStatus({ archive, state, account: account.id, now }).catch(undefinedWithoutDays);
      if (!report) return { sentence: "No calls are archived yet." };
      const { sentence, toDo, calls } = report;
      log.info("status", { sentence, toDo });
      publishGauges(metrics, calls, toDo);
      return { sentence, message: morningNote({ stack, buildsPages }, sentence, calls) };
    });
    if (message) await context.step("send note", (services) => sendNote(services, message));
    return { sentence };
  },
});

/** An installation without archive-calls, or before its first night, has nothing to report. */
function undefinedWithoutDays(error: unknown): undefined {
  if (!hasCode(error, "REQUEST_INVALID")) throw error;
}
