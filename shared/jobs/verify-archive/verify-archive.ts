import { defineJob } from "../../runtime/define-job.ts";
import type { PacedWork } from "../../runtime/job.ts";
import { writeLedger } from "../../storage/write-ledger.ts";
import { planVerification } from "./plan-verification.ts";
import { reportFindings } from "./report-findings.ts";
import { VerifyRequest } from "./request.ts";
import { type VerifyServices, verifyServices } from "./services.ts";
import { storeReport } from "./store-report.ts";
import { nothingVerified, type VerifyCursor, verifyFrom } from "./verify-from.ts";
import { verifyRest } from "./verify-rest.ts";

/**
 * Verifies the archive: every night all of it by its listing, and one part of 28 byte by byte. Keeps a report. If one half fails,
 * the other still says what it found; then there is no report, and the next run reads the same part.
 */
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
    const verified = await context.catchJobError(
      context.pacedLoop("verify", verify).then((cursor) => cursor ?? nothingVerified),
    );
    const rest = await context.catchJobError(context.step("verify the rest", (services) => verifyRest(services, plan)));
    const parts = [verified.value, rest.value];
    await context.step("report findings", (services) => reportFindings(services, parts));
    const [failed] = [verified, rest].flatMap(({ error }) => error ?? []);
    if (failed || !verified.value || !rest.value) throw failed;
    const [archive, others] = [verified.value, rest.value];
    await context.step("store report", (services) => storeReport(services, plan, archive, others));
    await context.step(
      "ledger",
      async (services) => (await writeLedger(services, services.dayStore(plan.account))) ?? null,
    );
    return { findings: archive.findingCount + others.findingCount };
  },
});
