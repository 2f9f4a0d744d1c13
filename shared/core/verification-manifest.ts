import * as z from "zod/mini";
import type { DayAggregate } from "./day-aggregate.ts";
import { dayManifestFields, emptyDay } from "./day-manifest.ts";
import { Count } from "./fields.ts";
import { verificationFields } from "./verification-report.ts";

/** A night's verification; published as `docs/schemas/verifications-manifest.schema.json`. */
export const VerificationManifest = z.object({
  schema: z.literal("nightshift/verifications-manifest/1"),
  ...dayManifestFields,
  ...verificationFields,
  /** Where the rotation over all objects is. */
  rotation: z.object({ next: Count, owed: Count }),
});
export type VerificationManifest = z.infer<typeof VerificationManifest>;

/** Reports of verifications: a run writes each as a whole, without events. */
export const verificationAggregate: DayAggregate<VerificationManifest, never> = {
  name: "verifications",
  manifest: VerificationManifest,
  event: z.never(),
  empty: (account, day, timeZone, span) => ({
    schema: "nightshift/verifications-manifest/1",
    ...emptyDay(account, day, timeZone, span),
    version: "",
    begunAt: new Date(0).toISOString(),
    endedAt: new Date(0).toISOString(),
    archive: "",
    depth: "bytes",
    aggregates: [],
    findingCount: 0,
    findings: [],
    rotation: { next: 1, owed: 0 },
  }),
  reduce: (manifest) => manifest,
  rules: "1",
  isClosed: ({ stored }) => stored.status === "closed",
  counts: () => undefined,
};
