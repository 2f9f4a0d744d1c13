import { counted } from "../../core/counted.ts";
import { emptyTally, type Tally } from "../../core/whose-fault.ts";
import { JobError } from "../../errors.ts";
import { defineJob } from "../../runtime/define-job.ts";
import { readCachedAccount } from "../../storage/cached-account.ts";
import { findChangedDays } from "./find-changed-days.ts";
import { findDuePages } from "./find-due-pages.ts";
import { readFigures } from "./read-figures.ts";
import { PagesRequest } from "./request.ts";
import { pagesServices } from "./services.ts";
import { writePages } from "./write-pages.ts";

/** Writes a page of each day, week and month whose tables have changed, and the index of all pages. */
export const buildPages = defineJob({
  name: "build-pages",
  request: PagesRequest,
  open: pagesServices,
  run: async ({ days: requestedDays }, context) => {
    const account = await context.step(
      "recall account",
      async ({ state }) => (await readCachedAccount(state))?.id ?? null,
    );
    if (account === null) return { pages: 0 };
    const days = await context.step("find days", async (services) => {
      const changed = await findChangedDays(services, account, requestedDays);
      services.log.info("days selected", { days: changed.length });
      return changed;
    });
    const read =
      days.length === 0
        ? emptyTally
        : await context.items("read tables", (services) => readFigures(services, account, days));
    const due = await context.step("find pages", async (services) => {
      const found = await findDuePages(services, account, requestedDays);
      services.log.info("pages selected", { pages: found.length });
      return found;
    });
    const written =
      due.length === 0
        ? emptyTally
        : await context.items("write pages", (services) => writePages(services, account, due));
    const error = incomplete(read, "day", "counted") ?? incomplete(written, "page", "written");
    if (error) throw error;
    return { pages: due.length };
  },
});

/** Returns the run's final error if some days could not be counted, or some pages not be written. */
function incomplete({ failed, firstFailed }: Tally, noun: "day" | "page", done: string): JobError | undefined {
  if (failed === 0) return undefined;
  return new JobError("DAYS_INCOMPLETE", `${counted(failed, noun)} could not be ${done}, the first is ${firstFailed}`, {
    hint: "Do what facts.hint of the lines `page building failed` says; the next run builds these pages.",
    details: { failed, first: firstFailed },
  });
}
