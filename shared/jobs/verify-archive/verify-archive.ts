import { defineJob } from "../../runtime/define-job.ts";
import type { PacedWork } from "../../runtime/job.ts";
import { writeLedger } from "../../storage/write-ledger.ts";
import { planVerification } from "./plan-verification.ts";
import { VerifyRequest } from "./request.ts";
import { type VerifyServices, verifyServices } from "./services.ts";
import { storeReport } from "./store-report.ts";
import { nothingVerified, type VerifyCursor, verifyFrom } from "./verify-from.ts";
import { verifyRest } from "./verify-rest.ts";

/** Verifies the archive: every night all of it by its listing, and one part of 28 byte by byte. Keeps a report. */
export const verifyArchive = defineJob({
  name: "verify-archive",
  request: VerifyRequest,
  open: verifyServices,
  run: async (request, context) => {
    const plan = await context.step("plan", async (services) => {
      const planned = await planVerification(services, request);
      if (!planned) services.log.info("nothing to verify: no other job has run");
      return planned ?? null;
    });
    if (!plan) return { findings: 0 };
    const verify: PacedWork<VerifyServices, VerifyCursor> = (services, from) => verifyFrom(services, plan, from);
    const verified = (await context.pacedLoop("verify", verify)) ?? nothingVerified;
    const rest = await context.step("verify the rest", (services) => verifyRest(services, plan));
    await context.step("store report", (services) => storeReport(services, plan, verified, rest));
    await context.step(
      "ledger",
      async (services) => (await writeLedger(services, services.dayStore(plan.account))) ?? null,
    );
    return { findings: verified.findingCount + rest.findingCount };
  },
});
