import type { Depth } from "../../../shared/core/depth.ts";

/** One thing that someone does to the sample archive, and what a verification then finds. */
export interface Tampering<T> {
  readonly what: string;
  readonly by: (tamper: T) => Promise<unknown>;
  /** The least depth that finds it. @default listing */
  readonly from?: Depth;
  readonly findingLines: readonly string[];
  /** What a restoration finds, as `code key`, if that differs: it names causes, not what follows from them. */
  readonly restorationLines?: readonly string[];
  /** True if no version has the true bytes any more. */
  readonly isLost?: boolean;
}
