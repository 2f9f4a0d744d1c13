import type { AuditedAggregate, AuditedManifest } from "../core/audited-aggregate.ts";
import { hasCode } from "../errors.ts";

/** Returns the manifest in `body`; undefined if it is none. */
export function parseOrUndefined(aggregate: AuditedAggregate, body: Buffer, key: string): AuditedManifest | undefined {
  try {
    return aggregate.parse(body, key);
  } catch (error) {
    if (!hasCode(error, "STORAGE_INVALID")) throw error;
    return undefined;
  }
}
