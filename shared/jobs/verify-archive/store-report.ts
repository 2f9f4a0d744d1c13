import { rotationParts } from "../../core/rotation.ts";
import type { VerificationManifest } from "../../core/verification-manifest.ts";
import { version } from "../../version.ts";
import { VerifyMetric } from "./metrics.ts";
import type { VerificationPlan } from "./plan-verification.ts";
import type { VerifyServices } from "./services.ts";
import type { VerifyCursor } from "./verify-from.ts";
import type { VerifiedRest } from "./verify-rest.ts";

/** Writes the report of the day, and publishes how much was read. @throws STORAGE_INVALID when no run wrote its earlier revision; STORAGE_FAILED */
export async function storeReport(
  services: VerifyServices,
  plan: VerificationPlan,
  verified: VerifyCursor,
  rest: VerifiedRest,
): Promise<null> {
  const { log, metrics, dayStore, archiveName, now } = services;
  const { finished } = verified;
  const findings = [...verified.findings, ...rest.findings];
  const findingCount = verified.findingCount + rest.findingCount;
  const sumOf = (name: "objectsRead" | "bytesRead" | "offline") => finished.reduce((sum, each) => sum + each[name], 0);
  metrics.add(VerifyMetric.objectsRead, sumOf("objectsRead"));
  metrics.add(VerifyMetric.bytesRead, sumOf("bytesRead"));
  metrics.set(VerifyMetric.objectsOffline, sumOf("offline"));
  const { tables, indexes } = rest;
  const report: Partial<VerificationManifest> = {
    ...{ status: "closed", version, begunAt: plan.begunAt, endedAt: now().toISOString(), archive: archiveName },
    ...{ depth: "bytes", otherDepth: "listing", aggregates: [...finished], rotation: plan.rotation },
    subsets: plan.parts.map((part) => ({ part, of: rotationParts })),
    ...{ tables, indexes: [...indexes], findingCount, findings },
  };
  await dayStore(plan.account).commit(plan.day, ({ manifest }) => ({ ...manifest, ...report }));
  log.info("archive verified", { day: plan.day, findings: findingCount, objectsRead: sumOf("objectsRead") });
  return null;
}
