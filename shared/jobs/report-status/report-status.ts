import { morningNote } from "../../core/calls/morning-note.ts";
import { defineJob } from "../../runtime/define-job.ts";
import { readStatus } from "../../status/read-status.ts";
import { readCachedAccount } from "../../storage/cached-account.ts";
import { publishGauges } from "./publish-gauges.ts";
import { StatusRequest } from "./request.ts";
import { sendNote } from "./send-note.ts";
import { statusServices } from "./services.ts";

/** Reads how the archive stands, logs the sentence, publishes its numbers, and sends the morning note if anyone wants it. */
export const reportStatus = defineJob({
  name: "report-status",
  request: StatusRequest,
  open: statusServices,
  run: async (_request, context) => {
    const note = await context.step("read status", async (services) => {
      const { archive, state, log, now, metrics, stack } = services;
      const account = await readCachedAccount(state);
      if (!account) return null;
      const report = await readStatus({ archive, state, account: account.id, now });
      const { sentence, toDo, calls } = report;
      log.info("status", { sentence, toDo });
      publishGauges(metrics, calls, toDo);
      return { sentence, ...morningNote(stack, sentence, calls) };
    });
    if (!note) return { sentence: "No run has identified the account yet." };
    const { sentence, ...message } = note;
    await context.step("send note", (services) => sendNote(services, message));
    return { sentence };
  },
});
