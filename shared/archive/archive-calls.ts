import { defineJob } from "../runtime/job.ts";
import { closeDays } from "./close-days.ts";
import { type FetchCursor, fetchRecordings } from "./fetch-recordings.ts";
import { listDays } from "./list-days.ts";
import { openDays } from "./open-days.ts";
import { planRecordings } from "./plan-recordings.ts";
import { ArchiveRequest } from "./request.ts";
import { archiveServices, archiveTelling } from "./services.ts";

/** Archives every call and recording of the account: lists the days that are open, fetches what they name, closes what is complete. */
export const archiveCalls = defineJob({
  name: "archive-calls",
  request: ArchiveRequest,
  services: archiveServices(process.env),
  telling: archiveTelling,
  story: async (request, job) => {
    const days = await job.once("open days", (s) => openDays(s, request));
    await job.paced<number>("list", (s, from) => listDays(s, days, from));
    const recordings = await job.once("plan", (s) => planRecordings(s, days));
    const failure = await job.attempt(job.paced<FetchCursor>("fetch", (s, from) => fetchRecordings(s, days, from)));
    // What was listed and fetched is noted in any case.
    await job.paced<number>("close", (s, from) => closeDays(s, days, from), { last: true });
    if (failure) throw failure;
    return { days: days.open.length, listed: days.list.length, recordings };
  },
});
