import { defineJob } from "../runtime/job.ts";
import { writeLedger } from "../storage/write-ledger.ts";
import { closeDays } from "./close-days.ts";
import { type FetchCursor, fetchRecordings } from "./fetch-recordings.ts";
import { incompleteDays } from "./incomplete-days.ts";
import { listDays } from "./list-days.ts";
import { openDays } from "./open-days.ts";
import { dueIn, type Plan, planRecordings } from "./plan-recordings.ts";
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
    let plan: Plan = { days: [], notListed: [] };
    const work = async () => {
      await job.paced<number>("list", (s, from) => listDays(s, days, from));
      plan = await job.once("plan", (s) => planRecordings(s, days));
      await job.paced<FetchCursor>("fetch", (s, from) => fetchRecordings(s, days, plan, from));
    };
    const stopped = await job.attempt(work());
    // What was listed and fetched is noted in any case.
    const unclosed = await job.attempt(
      job.paced<number>("close", (s, from) => closeDays(s, days, from), { last: true }),
    );
    const unentered = await job.attempt(job.once("ledger", (s) => writeLedger(s, days.account)));
    const failure = stopped ?? unclosed ?? unentered ?? incompleteDays(days, plan);
    if (failure) throw failure;
    return { days: days.open.length, listed: days.list.length, recordings: dueIn(plan.days) };
  },
});
