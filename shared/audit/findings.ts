/** What is wrong with an archive, as a stable code for scripts. */
export type FindingCode =
  | "ledger-missing"
  | "ledger-entry-missing"
  | "ledger-entry-unreadable"
  | "ledger-broken"
  | "ledger-signature-wrong"
  | "ledger-unsigned"
  | "ledger-anchor-missing"
  | "manifest-missing"
  | "manifest-unreadable"
  | "manifest-altered"
  | "manifest-misplaced"
  | "manifest-not-entered"
  | "manifest-went-back"
  | "marker-differs"
  | "object-missing"
  | "object-differs"
  | "object-unnamed"
  | "object-damaged"
  | "recording-unaccounted";

/** One thing that is wrong: where it lies and in what way, without a number or a name. */
export interface Finding {
  readonly code: FindingCode;
  readonly key: string;
  readonly detail: string;
}

export function finding(code: FindingCode, key: string, detail: string): Finding {
  return { code, key, detail };
}
