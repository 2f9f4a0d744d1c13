/** Stable code of a finding, for scripts. */
export type FindingCode =
  | "ledger-missing"
  | "ledger-entry-missing"
  | "ledger-entry-unreadable"
  | "ledger-chain-broken"
  | "ledger-signature-invalid"
  | "ledger-signature-missing"
  | "ledger-anchor-missing"
  | "manifest-missing"
  | "manifest-unreadable"
  | "manifest-altered"
  | "manifest-misplaced"
  | "manifest-not-in-ledger"
  | "manifest-rolled-back"
  | "object-missing"
  | "object-changed"
  | "object-unexpected"
  | "object-corrupt"
  | "recording-not-in-manifest";

/** One thing found wrong. `detail` never contains a phone number or a person's name. */
export interface Finding {
  readonly code: FindingCode;
  readonly key: string;
  readonly detail: string;
}

export function finding(code: FindingCode, key: string, detail: string): Finding {
  return { code, key, detail };
}
