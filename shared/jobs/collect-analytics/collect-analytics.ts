import { defineJob } from "../../runtime/job.ts";
import { unreadableError } from "../../storage/each-day.ts";
import { writeLedger } from "../../storage/write-ledger.ts";
import { noteAtLast } from "../../wiring/cache-account.ts";
import { closeAnalyticsDays } from "./close-analytics-days.ts";
import { fetchQueries } from "./fetch-queries.ts";
import { findAccount, findDaysToCollect, recallAccount } from "./find-days-to-collect.ts";
import { incompleteAnalyticsDays } from "./incomplete-analytics-days.ts";
import { reportGauges } from "./report-gauges.ts";
import { CollectRequest } from "./request.ts";
import { analyticsServices } from "./services.ts";
import { storeDatasets } from "./store-datasets.ts";

/**
 * Collects how the organisation handled its calls: what of the last 184 days was never collected, and again what may have
 * changed. What fails does not stop what follows; the run fails at its end, with the first reason.
 */
export const collectAnalytics = defineJob({
  name: "collect-analytics",
  request: CollectRequest,
  ...analyticsServices(process.env),
  run: async (request, job) => {
    const told = await job.catchJobError(job.step("identify account", (s) => findAccount(s)));
    const account = told.value?.account ?? (await job.step("recall account", (s) => recallAccount(s, told.error)));
    if (account === null) throw told.error;
    const file = () => job.catchJobError(job.items("file", (s) => storeDatasets(s, account), { reserved: true }));
    // What a run before this one has fetched need not be asked for again.
    const earlier = await file();
    const days = await job.step("open days", (s) => findDaysToCollect(s, account, request));
    const fetched = await job.catchJobError(job.items("fetch", (s) => fetchQueries(s, days)));
    const filed = await file();
    const closed = await job.catchJobError(job.items("close", (s) => closeAnalyticsDays(s, days), { reserved: true }));
    const entered = await job.catchJobError(job.step("ledger", (s) => writeLedger(s, account)));
    const reported = await job.catchJobError(job.step("gauges", (s) => reportGauges(s, days)));
    const noted =
      told.value?.isUnnoted && (await job.catchJobError(job.step("note account", (s) => noteAtLast(s, account))));
    const phases = [earlier, fetched, filed, closed];
    const failure =
      [told, ...phases, entered, reported].find(({ error }) => error)?.error ??
      unreadableError(days.unreadable, reported.value) ??
      incompleteAnalyticsDays(phases.map(({ value }) => value)) ??
      noted?.error;
    if (failure) throw failure;
    return { days: days.days.length, asked: days.asks };
  },
});
