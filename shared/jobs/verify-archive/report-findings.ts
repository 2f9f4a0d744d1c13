import type { Finding } from "../../core/finding.ts";
import { VerifyMetric } from "./metrics.ts";
import type { VerifyServices } from "./services.ts";

/** What one part of a verification has found; undefined: it failed. */
export type PartFound = { readonly findingCount: number; readonly findings: readonly Finding[] } | undefined;

/**
 * Logs what was found, and publishes how much it is. A verification that failed in part says nothing about what it has not seen:
 * if it found nothing, the last value stays.
 */
export async function reportFindings({ log, metrics }: VerifyServices, parts: readonly PartFound[]): Promise<null> {
  for (const { code, bucket, key, detail } of parts.flatMap((part) => part?.findings ?? []))
    log.error("archive altered", { code, ...(bucket && { bucket }), key, detail });
  const count = parts.reduce((sum, part) => sum + (part?.findingCount ?? 0), 0);
  if (count > 0 || parts.every((part) => part !== undefined)) metrics.set(VerifyMetric.findings, count);
  return null;
}
