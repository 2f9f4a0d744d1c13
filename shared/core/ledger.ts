import * as z from "zod/mini";
import { Count, Instant } from "./fields.ts";

/**
 * One link of the ledger: manifests that runs wrote, and the hash of the previous entry. To hide a changed manifest, an
 * attacker must rewrite every later entry, and cannot if entries are signed.
 */
export const LedgerEntry = z.object({
  schema: z.literal("nightshift/ledger-entry/1"),
  account: z.string(),
  /** 1, 2, 3 … without a gap. */
  number: Count.check(z.positive()),
  /** SHA-256 of the previous entry's bytes, base64; absent in the first. */
  previousSha256: z.optional(z.string()),
  run: z.string(),
  at: Instant,
  /** Manifests written since the previous entry; `sha256` of their bytes, base64. */
  manifests: z.array(z.object({ day: z.string(), revision: Count, bytes: Count, sha256: z.string() })),
  /** Identifies the writer's own entry when the response to its write was lost. */
  nonce: z.string(),
  /**
   * Detached JWS over the entry without this field, if signing is configured.
   * https://www.rfc-editor.org/rfc/rfc7515#appendix-F
   */
  signature: z.optional(z.string()),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** Returns the stored text of an entry: one line of JSON, whose hash the next entry has. */
export function ledgerText(entry: LedgerEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Returns the text that a signature covers: the entry without `signature`, its other fields in their stored order. */
export function signedText(entry: object): string {
  const { signature, ...rest } = entry as { readonly signature?: unknown };
  return JSON.stringify(rest);
}
