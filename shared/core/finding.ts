/** What a finding means, by its code; the signs are those of `rclone checksum`. https://rclone.org/commands/rclone_checksum/ */
export const findingSigns = {
  "ledger-missing": "+",
  "ledger-entry-missing": "+",
  "ledger-entry-unreadable": "!",
  "ledger-chain-broken": "*",
  "ledger-signature-invalid": "*",
  "ledger-signature-missing": "*",
  "ledger-anchor-missing": "+",
  "manifest-missing": "+",
  "manifest-unreadable": "!",
  "manifest-altered": "*",
  "manifest-misplaced": "*",
  "manifest-not-in-ledger": "*",
  "manifest-rolled-back": "*",
  "index-mismatch": "*",
  "object-missing": "+",
  "object-changed": "*",
  "object-unexpected": "-",
  "object-corrupt": "*",
  "object-unreadable": "!",
  "recording-not-in-manifest": "*",
} as const satisfies Readonly<Record<string, "+" | "-" | "*" | "!">>;

/** Stable code of a finding, for scripts. */
export type FindingCode = keyof typeof findingSigns;

/** Where a finding was made. */
export type FindingBucket = "archive" | "state" | "derived";

/** One thing found wrong. `detail` never contains a phone number or a person's name. */
export interface Finding {
  readonly code: FindingCode;
  /** Absent: the archive bucket. */
  readonly bucket?: FindingBucket;
  readonly key: string;
  readonly detail: string;
}

export function finding(code: FindingCode, key: string, detail: string): Finding {
  return { code, key, detail };
}

/** Returns the finding as one of another bucket. */
export function inBucket(bucket: FindingBucket, found: Finding): Finding {
  return { ...found, bucket };
}
