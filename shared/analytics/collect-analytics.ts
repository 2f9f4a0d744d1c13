import { errorFromFacts } from "../errors.ts";
import { defineJob } from "../runtime/job.ts";
import { writeLedger } from "../storage/write-ledger.ts";
import { closeDays } from "./close-days.ts";
import { type FetchCursor, fetchAsks } from "./fetch-asks.ts";
import { fileParts } from "./file-parts.ts";
import { incompleteDays } from "./incomplete-days.ts";
import { findAccount, openDays } from "./open-days.ts";
import { AnalyticsRequest } from "./request.ts";
import { analyticsServices, analyticsTelling } from "./services.ts";

/** Collects how the organisation handled its calls: what of the last 184 days was never collected, and again what may have changed. */
export const collectAnalytics = defineJob({
  name: "collect-analytics",
  request: AnalyticsRequest,
  services: analyticsServices(process.env),
  telling: analyticsTelling,
  story: async (request, job) => {
    const account = await job.once("account", (s) => findAccount(s));
    const file = () => job.paced<number>("file", (s, from) => fileParts(s, account, from), { last: true });
    // What a run before this one has fetched need not be asked for again.
    await file();
    const days = await job.once("open days", (s) => openDays(s, account, request));
    const stopped = await job.attempt(job.paced<FetchCursor>("fetch", (s, from) => fetchAsks(s, days, from)));
    // What was fetched is filed and noted in any case.
    const unfiled = await job.attempt(file());
    const unclosed = await job.attempt(
      job.paced<number>("close", (s, from) => closeDays(s, days, from), { last: true }),
    );
    const unentered = await job.attempt(job.once("ledger", (s) => writeLedger(s, account)));
    const failure = stopped ?? unfiled ?? unclosed ?? unentered;
    if (failure) throw failure;
    const incomplete = await job.once("look back", (s) => incompleteDays(s, days));
    if (incomplete) throw errorFromFacts(incomplete);
    return { days: days.days.length, asked: days.asks };
  },
});
