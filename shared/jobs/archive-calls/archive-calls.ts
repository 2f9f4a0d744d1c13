import { defineJob } from "../../runtime/job.ts";
import { unreadableError } from "../../storage/each-day.ts";
import { writeLedger } from "../../storage/write-ledger.ts";
import { noteAtLast } from "../../wiring/cache-account.ts";
import { closeCallDays } from "./close-call-days.ts";
import { fetchRecordings } from "./fetch-recordings.ts";
import { findDaysToArchive } from "./find-days-to-archive.ts";
import { type AccountFacts, identifyAccount, recallAccount } from "./identify-account.ts";
import { incompleteCallDays } from "./incomplete-call-days.ts";
import { listDays } from "./list-days.ts";
import { lostPlans } from "./lost-plans.ts";
import { nothingFetched } from "./nothing-fetched.ts";
import { countDue, planRecordings, type RecordingPlan } from "./plan-recordings.ts";
import { reportBacklog, reportGauges } from "./report-gauges.ts";
import { ArchiveRequest } from "./request.ts";
import { archiveServices } from "./services.ts";

/**
 * Archives every call and recording of the account: lists the days that are open, fetches what they name, closes what is
 * complete. What fails does not stop what follows; the run fails at its end, with the first reason.
 */
export const archiveCalls = defineJob({
  name: "archive-calls",
  request: ArchiveRequest,
  ...archiveServices(process.env),
  run: async (request, job) => {
    const told = await job.catchJobError(job.step("identify account", (s) => identifyAccount(s)));
    const facts: AccountFacts | null =
      told.value ?? (await job.step("recall account", (s) => recallAccount(s, told.error)));
    if (!facts) throw told.error;
    const { account } = facts;
    const days = await job.step("open days", (s) => findDaysToArchive(s, facts, request));
    const listed = await job.catchJobError(job.items("list", (s) => listDays(s, days)));
    const planned = await job.catchJobError(job.step("plan", (s) => planRecordings(s, days)));
    const plan: RecordingPlan = planned.value ?? { days: [] };
    const backlog = await job.catchJobError(job.step("backlog", (s) => reportBacklog(s, days)));
    const fetched = await job.catchJobError(job.items("fetch", (s) => fetchRecordings(s, days, plan)));
    const closed = await job.catchJobError(job.items("close", (s) => closeCallDays(s, days), { reserved: true }));
    const entered = await job.catchJobError(job.step("ledger", (s) => writeLedger(s, account)));
    const reported = await job.catchJobError(job.step("gauges", (s) => reportGauges(s, days)));
    const noted = facts.isUnnoted && (await job.catchJobError(job.step("note account", (s) => noteAtLast(s, account))));
    const failure =
      [told, listed, planned, fetched, closed, entered, backlog, reported].find(({ error }) => error)?.error ??
      unreadableError(days.unreadable, plan.unplanned, backlog.value, reported.value) ??
      incompleteCallDays([listed.value, closed.value]) ??
      lostPlans(fetched.value) ??
      nothingFetched(fetched.value) ??
      noted?.error;
    if (failure) throw failure;
    const left = fetched.value?.left ?? 0;
    return { days: days.days.length, listed: days.toList.length, recordings: countDue(plan.days), left };
  },
});
