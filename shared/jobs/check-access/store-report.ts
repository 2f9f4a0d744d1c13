import { toBody } from "../../aws/bucket.ts";
import { type AccessReport, countLevel } from "../../core/access/access-line.ts";
import { stateKeys } from "../../core/object-keys.ts";
import type { CheckedAccess } from "./check-ringcentral.ts";
import { AccessMetric } from "./metrics.ts";
import type { AccessServices } from "./services.ts";

/** Stores a run's report, also as the newest, logs what is not ok, and publishes how much that is. @throws STORAGE_FAILED */
export async function storeReport(services: AccessServices, checked: CheckedAccess): Promise<null> {
  const { state, run, now, log, metrics } = services;
  const { lines } = checked;
  for (const { check, level, seen, todo } of lines) {
    if (level === "fault") log.error("access fault", { check, seen, todo });
    if (level === "warning") log.warn("access warning", { check, seen, todo });
  }
  metrics.set(AccessMetric.faults, countLevel(lines, "fault"));
  metrics.set(AccessMetric.warnings, countLevel(lines, "warning"));
  const report: AccessReport = {
    schema: "nightshift/access-report/1",
    run: run.name,
    at: now().toISOString(),
    ...(checked.credentialExpiresAt && { credentialExpiresAt: checked.credentialExpiresAt }),
    ...(checked.timeZone && { timeZone: checked.timeZone }),
    lines: [...lines],
  };
  const body = toBody(JSON.stringify(report));
  await state.put(stateKeys.accessReport(run.name), body, "application/json");
  await state.put(stateKeys.newestAccessReport, body, "application/json");
  return null;
}
