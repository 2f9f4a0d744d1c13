import { defineJob } from "../../runtime/define-job.ts";
import { unreadableError } from "../../storage/each-day.ts";
import { writeLedger } from "../../storage/write-ledger.ts";
import { cacheAccountAtEnd } from "../../wiring/cache-account.ts";
import { closeCallDays } from "./close-call-days.ts";
import { fetchRecordings } from "./fetch-recordings.ts";
import { findDaysToArchive } from "./find-days-to-archive.ts";
import { type AccountFacts, identifyAccount, recallAccountFacts } from "./identify-account.ts";
import { incompleteCallDays } from "./incomplete-call-days.ts";
import { listDays } from "./list-days.ts";
import { lostPlans } from "./lost-plans.ts";
import { nothingFetched } from "./nothing-fetched.ts";
import { planRecordings } from "./plan-recordings.ts";
import { countDue, type RecordingPlan } from "./recording-plan.ts";
import { reportArchiveGauges, reportBacklog } from "./report-gauges.ts";
import { ArchiveRequest } from "./request.ts";
import { archiveServices } from "./services.ts";

/**
 * Archives every call and recording of the account: lists open days, fetches their recordings, closes complete days. A
 * failed step does not stop later steps; the run fails at its end with the first error.
 */
export const archiveCalls = defineJob({
  name: "archive-calls",
  request: ArchiveRequest,
  open: archiveServices,
  run: async (request, context) => {
    const identified = await context.catchJobError(
      context.step("identify account", (services) => identifyAccount(services)),
    );
    const facts: AccountFacts | null =
      identified.value ??
      (await context.step("recall account", (services) => recallAccountFacts(services, identified.error)));
    if (!facts) throw identified.error;
    const { account } = facts;
    const days = await context.step("find days", (services) => findDaysToArchive(services, facts, request));
    const listed = await context.catchJobError(context.items("list", (services) => listDays(services, days)));
    const planned = await context.catchJobError(context.step("plan", (services) => planRecordings(services, days)));
    const plan: RecordingPlan = planned.value ?? { days: [] };
    const backlog = await context.catchJobError(context.step("backlog", (services) => reportBacklog(services, days)));
    const fetched = await context.catchJobError(
      context.items("fetch", (services) => fetchRecordings(services, days, plan)),
    );
    const closed = await context.catchJobError(
      context.items("close", (services) => closeCallDays(services, days), { reserved: true }),
    );
    const ledger = await context.catchJobError(
      context.step("ledger", (services) => writeLedger(services, services.dayStore(account))),
    );
    const reported = await context.catchJobError(
      context.step("gauges", (services) => reportArchiveGauges(services, days)),
    );
    const cached =
      facts.isUncached &&
      (await context.catchJobError(context.step("cache account", (services) => cacheAccountAtEnd(services, account))));
    const failure =
      [identified, listed, planned, fetched, closed, ledger, backlog, reported].find(({ error }) => error)?.error ??
      unreadableError(days.unreadable, plan.unplanned, backlog.value, reported.value) ??
      incompleteCallDays([listed.value, closed.value]) ??
      lostPlans(fetched.value) ??
      nothingFetched(fetched.value) ??
      cached?.error;
    if (failure) throw failure;
    const left = fetched.value?.left ?? 0;
    return { days: days.days.length, listed: days.toList.length, recordings: countDue(plan.days), left };
  },
});
