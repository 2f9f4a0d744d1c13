/** A small stored value that moves only by compare-and-set. Every write carries a fresh nonce, by which a writer knows its own. */
export interface Versioned<T extends { readonly nonce: string }> {
  /** What is stored; a value that is none of ours is undefined and is written over like any other, by its version. */
  readonly read: () => Promise<{ readonly value: T | undefined; readonly version: string } | undefined>;
  /** Writes over exactly `over` (undefined: over nothing). Returns the new version, or undefined where another write came first. */
  readonly write: (value: T, over: string | undefined) => Promise<string | undefined>;
}
