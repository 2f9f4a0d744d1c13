import type { Versioned } from "../../../shared/core/versioned.ts";
import { JobError } from "../../../shared/errors.ts";
import type { TokenRecord } from "../../../shared/ringcentral/auth/token-record.ts";

/** Result of a write: by version, after a rival's, stored with its response lost, or not at all. */
export type WriteOutcome = "by version" | { readonly rival: TokenRecord } | "answer lost" | "away";

/** The shared token record in memory, with S3's compare-and-set. */
export interface MemoryRecord extends Versioned<TokenRecord> {
  readonly value: () => TokenRecord | undefined;
  readonly set: (value: TokenRecord | undefined) => void;
  /** Stores an invalid record. */
  readonly corrupt: () => void;
  /** Sets the results of the next writes; later ones go by version. */
  readonly plan: (...outcomes: readonly WriteOutcome[]) => void;
  readonly setReadable: (readable: boolean) => void;
}

export function createMemoryRecord(pause: () => Promise<void> = async () => {}): MemoryRecord {
  let stored: { readonly value: TokenRecord | undefined; readonly version: string } | undefined;
  let versions = 0;
  let readable = true;
  let planned: readonly WriteOutcome[] = [];

  const set = (value: TokenRecord | undefined) => {
    stored = value && { value: structuredClone(value), version: `v${++versions}` };
  };

  return {
    value: () => stored?.value,
    set,
    corrupt: () => {
      stored = { value: undefined, version: `v${++versions}` };
    },
    plan: (...outcomes) => {
      planned = outcomes;
    },
    setReadable: (now) => {
      readable = now;
    },
    read: async () => {
      await pause();
      if (!readable) throw away();
      const found = stored;
      await pause();
      return found;
    },
    write: async (value, over) => {
      await pause();
      const [outcome = "by version", ...rest] = planned;
      planned = rest;
      if (outcome === "away") throw away();
      if (typeof outcome === "object") set(outcome.rival);
      if (stored?.version !== over) return undefined;
      set(value);
      const version = stored?.version;
      await pause();
      if (outcome === "answer lost") throw away();
      return version;
    },
  };
}

function away(): JobError {
  return new JobError("STORAGE_FAILED", "S3 cannot be reached", { retryable: true });
}
