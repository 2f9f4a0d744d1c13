import type { EndpointName } from "./endpoint.ts";
import type { RateGroup } from "./rate-limiter.ts";

export type TokenOutcome = "issued" | "lost" | "refused" | "limited" | "fault";

/** Counters of the lab since its start. Instants are the lab's, in milliseconds since the epoch. */
export interface Counters {
  readonly requests: number;
  readonly byGroup: Readonly<Record<RateGroup, number>>;
  readonly byEndpoint: Readonly<Partial<Record<EndpointName, number>>>;
  /** Responses of 429, deserved or planned. */
  readonly limited: number;
  /** Requests sent while a penalty was running. */
  readonly insidePenalty: number;
  /** Requests refused with 401. */
  readonly unauthorized: number;
  readonly tokenExchanges: readonly { readonly atMs: number; readonly outcome: TokenOutcome }[];
  /** Sessions closed by later logins. */
  readonly evictions: number;
  readonly revocations: number;
  readonly heavyRequests: readonly {
    readonly atMs: number;
    readonly endpoint: EndpointName;
    readonly limited: boolean;
  }[];
  /** Responses with audio, whole or in part, by recording id. */
  readonly downloads: Readonly<Record<string, number>>;
  readonly faults: number;
}

export interface CounterBook {
  readonly request: (endpoint: EndpointName) => void;
  readonly admitted: (request: AdmittedRequest) => void;
  readonly add: (
    counter: "limited" | "unauthorized" | "evictions" | "revocations" | "faults",
    howMany?: number,
  ) => void;
  readonly tokenExchange: (atMs: number, outcome: TokenOutcome) => void;
  readonly download: (recordingId: string) => void;
  readonly read: () => Counters;
}

/** One request that reached the rate limiter, with any verdict. */
export interface AdmittedRequest {
  readonly atMs: number;
  readonly endpoint: EndpointName;
  readonly group: RateGroup;
  readonly limited: boolean;
  readonly insidePenalty: boolean;
}

export function createCounters(): CounterBook {
  const byGroup: Record<RateGroup, number> = { light: 0, medium: 0, heavy: 0, auth: 0 };
  const byEndpoint: Partial<Record<EndpointName, number>> = {};
  const downloads: Record<string, number> = {};
  const tokenExchanges: Counters["tokenExchanges"][number][] = [];
  const heavyRequests: Counters["heavyRequests"][number][] = [];
  const totals = {
    requests: 0,
    limited: 0,
    insidePenalty: 0,
    unauthorized: 0,
    evictions: 0,
    revocations: 0,
    faults: 0,
  };
  return {
    request: (endpoint) => {
      totals.requests += 1;
      byEndpoint[endpoint] = (byEndpoint[endpoint] ?? 0) + 1;
    },
    admitted: ({ atMs, endpoint, group, limited, insidePenalty }) => {
      byGroup[group] += 1;
      if (group === "heavy") heavyRequests.push({ atMs, endpoint, limited });
      if (insidePenalty) totals.insidePenalty += 1;
    },
    add: (counter, howMany = 1) => {
      totals[counter] += howMany;
    },
    tokenExchange: (atMs, outcome) => {
      tokenExchanges.push({ atMs, outcome });
    },
    download: (recordingId) => {
      downloads[recordingId] = (downloads[recordingId] ?? 0) + 1;
    },
    read: () => structuredClone({ ...totals, byGroup, byEndpoint, tokenExchanges, heavyRequests, downloads }),
  };
}
