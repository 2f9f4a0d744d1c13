import * as z from "zod/mini";

const Count = z.number().check(z.int(), z.nonnegative());

/**
 * One link of the ledger: what a run wrote, and the hash of the link before it. Whoever alters a manifest has to alter every
 * entry since; whoever cannot sign cannot even do that.
 */
export const LedgerEntry = z.object({
  schema: z.literal("nightshift/ledger-entry/1"),
  account: z.string(),
  /** 1, 2, 3 … without a gap. */
  number: Count.check(z.positive()),
  /** SHA-256 of the bytes of the entry before, base64; the first has none. */
  previousSha256: z.optional(z.string()),
  run: z.string(),
  at: z.string(),
  /** The manifests written since the entry before: SHA-256 of their bytes, base64, as S3 keeps it. */
  manifests: z.array(z.object({ day: z.string(), revision: Count, bytes: Count, sha256: z.string() })),
  /** By which a writer knows its own entry again after a lost answer. */
  nonce: z.string(),
  /** Detached JWS over the entry without this field (RFC 7515 appendix F), where the account signs. */
  signature: z.optional(z.string()),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** The bytes of an entry, signed or not. */
export function ledgerText(entry: LedgerEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** What a signature covers: the entry without it, with every field that was written, in the order in which it was. */
export function signedText(entry: object): string {
  const { signature, ...rest } = entry as { readonly signature?: unknown };
  return JSON.stringify(rest);
}
