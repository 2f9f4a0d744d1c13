import { defineJob } from "../../runtime/define-job.ts";
import { unreadableError } from "../../storage/each-day.ts";
import { writeLedger } from "../../storage/write-ledger.ts";
import { cacheAccountAtEnd } from "../../wiring/cache-account.ts";
import { closeAnalyticsDays } from "./close-analytics-days.ts";
import { fetchQueries } from "./fetch-queries.ts";
import { findAccount, findDaysToCollect, recallAccountId } from "./find-days-to-collect.ts";
import { incompleteAnalyticsDays } from "./incomplete-analytics-days.ts";
import { reportAnalyticsGauges } from "./report-gauges.ts";
import { CollectRequest } from "./request.ts";
import { analyticsServices } from "./services.ts";
import { storeDatasets } from "./store-datasets.ts";

/**
 * Collects RingCentral's analytics of the last 184 days: what was never collected, and again what may have changed. A failed
 * step does not stop later steps; the run fails at its end with the first error.
 */
export const collectAnalytics = defineJob({
  name: "collect-analytics",
  request: CollectRequest,
  open: analyticsServices,
  run: async (request, context) => {
    const identified = await context.catchJobError(
      context.step("identify account", (services) => findAccount(services)),
    );
    const account =
      identified.value?.account ??
      (await context.step("recall account", (services) => recallAccountId(services, identified.error)));
    if (account === null) throw identified.error;
    const store = () =>
      context.catchJobError(context.items("store", (services) => storeDatasets(services, account), { reserved: true }));
    // First, so that queries fetched by a run that ended early are not sent again.
    const earlier = await store();
    const days = await context.step("find days", (services) => findDaysToCollect(services, account, request));
    const fetched = await context.catchJobError(context.items("fetch", (services) => fetchQueries(services, days)));
    const stored = await store();
    const closed = await context.catchJobError(
      context.items("close", (services) => closeAnalyticsDays(services, days), { reserved: true }),
    );
    const ledger = await context.catchJobError(
      context.step("ledger", (services) => writeLedger(services, services.dayStore(account))),
    );
    const reported = await context.catchJobError(
      context.step("gauges", (services) => reportAnalyticsGauges(services, days)),
    );
    const cached =
      identified.value?.isUncached &&
      (await context.catchJobError(context.step("cache account", (services) => cacheAccountAtEnd(services, account))));
    const phases = [earlier, fetched, stored, closed];
    const failure =
      [identified, ...phases, ledger, reported].find(({ error }) => error)?.error ??
      unreadableError(days.unreadable, reported.value) ??
      incompleteAnalyticsDays(phases.map(({ value }) => value)) ??
      cached?.error;
    if (failure) throw failure;
    return { days: days.days.length, queries: days.queries };
  },
});
