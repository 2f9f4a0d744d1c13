import type { AuditedAggregate } from "../../core/audited-aggregate.ts";
import { VerificationManifest } from "../../core/verification-manifest.ts";
import { parseManifest } from "../../storage/manifest-file.ts";

/** How the reports of verifications are audited: each is a manifest without objects. */
export const audited: AuditedAggregate = {
  name: "verifications",
  parse: (body, key) => ({ manifest: parseManifest({ manifest: VerificationManifest }, body, key), references: [] }),
  isRewritten: () => false,
  prefixes: () => [],
};
