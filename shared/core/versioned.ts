/**
 * A small stored value that is written only by compare-and-set. Each write has a fresh nonce, so that a writer finds
 * its own write.
 */
export interface Versioned<T extends { readonly nonce: string }> {
  /** Returns the stored value and its version; `value` is undefined if it does not match the schema. */
  readonly read: () => Promise<{ readonly value: T | undefined; readonly version: string } | undefined>;
  /**
   * Writes if the stored version is still `ifMatch` (undefined: if nothing is stored). Returns the new version;
   * undefined if another write came first.
   */
  readonly write: (value: T, ifMatch: string | undefined) => Promise<string | undefined>;
}
