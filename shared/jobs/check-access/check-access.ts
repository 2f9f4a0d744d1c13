import { countLevel, faultLine } from "../../core/access/access-line.ts";
import { JobError } from "../../errors.ts";
import type { Revocation } from "../../ringcentral/auth/token-broker.ts";
import { defineJob } from "../../runtime/define-job.ts";
import { type CheckedAccess, checkRingCentral } from "./check-ringcentral.ts";
import { checkStorage } from "./check-storage.ts";
import { AccessRequest } from "./request.ts";
import { type AccessServices, accessServices } from "./services.ts";
import { storeReport } from "./store-report.ts";

/**
 * Checks daily, before the other jobs run, whatever they need: AWS, credential, login, permissions and limits. On request it
 * revokes the token that all jobs share, and checks nothing.
 */
export const checkAccess = defineJob({
  name: "check-access",
  request: AccessRequest,
  open: accessServices,
  run: async ({ revoke = false }, context) => {
    if (revoke) return { revocation: await context.step("revoke token", revokeSharedToken) };
    const storage = await context.step("check storage", checkStorage);
    const { value, error } = await context.catchJobError(context.step("check RingCentral", checkRingCentral));
    const failure = error ? [faultLine("RingCentral", error.message, error.hint ?? "")] : [];
    const checked: CheckedAccess = { ...value, lines: [...storage, ...(value?.lines ?? failure)] };
    await context.step("store report", (services) => storeReport(services, checked));
    const fault = error ?? faultError(checked);
    if (fault) throw fault;
    return { ok: countLevel(checked.lines, "ok"), warnings: countLevel(checked.lines, "warning") };
  },
});

/** Revokes the token; the jobs log in again when they next need one. @throws CREDENTIAL_MISSING, CREDENTIAL_INVALID */
async function revokeSharedToken({ broker, log }: AccessServices): Promise<Revocation> {
  const revocation = await broker.revoke();
  log.info("token revocation requested", { revocation });
  return revocation;
}

/** Returns the run's final error if there is any fault: other jobs will fail by the same. */
function faultError({ lines }: CheckedAccess): JobError | undefined {
  const faults = lines.filter(({ level }) => level === "fault");
  const [first] = faults;
  if (!first) return undefined;
  return new JobError("ACCESS_FAULT", `${faults.map(({ check, seen }) => `${check}: ${seen}`).join("; ")}`, {
    hint: first.todo ?? "",
    details: { faults: faults.length, first: first.check },
  });
}
