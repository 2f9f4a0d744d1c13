import type { AwsCall, ServiceResponse } from "./wire.ts";

/** Requests to the lab's AWS since its start, and their effects. */
export interface AwsCounters {
  /** Requests by operation. */
  readonly requests: Readonly<Record<string, number>>;
  /** Requests by `bucket/first-part-of-the-key/` and operation. */
  readonly prefixes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Refused requests by status and code, such as `412 PreconditionFailed`, including planned faults. */
  readonly refused: Readonly<Record<string, number>>;
  readonly puts: {
    /** Objects stored. */
    readonly stored: number;
    readonly storedBytes: number;
    /** 412: the condition did not hold. */
    readonly preconditionFailed: number;
    /** 409: another write was under way. */
    readonly conflict: number;
  };
}

export interface Counting {
  requested(call: AwsCall): void;
  done(response: ServiceResponse): void;
  refused(call: AwsCall | undefined, refusal: { readonly status: number; readonly code: string }): void;
  read(): AwsCounters;
}

type Counts = Record<string, number>;

export function createCounting(): Counting {
  const requests: Counts = {};
  const prefixes: Record<string, Counts> = {};
  const refused: Counts = {};
  const counts = { stored: 0, storedBytes: 0, preconditionFailed: 0, conflict: 0 };
  return {
    requested: (call) => {
      add(requests, call.operation);
      const prefix = prefixOf(call);
      if (prefix === undefined) return;
      const counted = prefixes[prefix] ?? {};
      prefixes[prefix] = counted;
      add(counted, call.operation);
    },
    done: ({ stored }) => {
      if (stored === undefined) return;
      counts.stored += 1;
      counts.storedBytes += stored;
    },
    refused: (call, { status, code }) => {
      add(refused, `${status} ${code}`);
      if (call?.operation !== "PutObject" && call?.operation !== "CopyObject") return;
      if (status === 412) counts.preconditionFailed += 1;
      if (status === 409) counts.conflict += 1;
    },
    read: () => structuredClone({ requests, prefixes, refused, puts: counts }),
  };
}

function add(counts: Counts, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function prefixOf({ bucket, key = "" }: AwsCall): string | undefined {
  if (bucket === undefined) return undefined;
  const slash = key.indexOf("/");
  return `${bucket}/${slash < 0 ? "" : key.slice(0, slash + 1)}`;
}
