import type { IncomingHttpHeaders } from "node:http";
import type { LabResponse } from "./lab-response.ts";
import type { RateGroup } from "./rate-limiter.ts";
import type { Session } from "./sessions.ts";

export const endpointNames = [
  "token",
  "revoke",
  "authorize",
  "apiVersions",
  "account",
  "callRecordingSettings",
  "authzProfile",
  "authzProfileCheck",
  "callLog",
  "recording",
  "recordingContent",
  "analyticsAggregation",
  "analyticsTimeline",
] as const;

export type EndpointName = (typeof endpointNames)[number];

export type Host = "platform" | "media";

/** The parts of a request that an endpoint reads. */
export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  /** Values of the `{…}` parts of the endpoint's path. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One operation of the API, with its checks. */
interface EndpointBase {
  readonly name: EndpointName;
  readonly methods: readonly ("GET" | "POST")[];
  /** With `{account}` for the account's id or `~`. */
  readonly path: string;
  /** @default platform */
  readonly hosts?: readonly Host[];
  /** Undefined: the endpoint is not throttled. */
  readonly group?: RateGroup;
}

/** Needs no access token. */
export interface OpenEndpoint extends EndpointBase {
  readonly access: "open";
  readonly respond: (request: ApiRequest) => LabResponse | Promise<LabResponse>;
}

/** Needs an access token with the app scope, of a user with the permission. */
export interface GuardedEndpoint extends EndpointBase {
  readonly access: "token";
  readonly scope?: string;
  readonly permission?: string;
  readonly respond: (request: ApiRequest, session: Session) => LabResponse | Promise<LabResponse>;
}

export type Endpoint = OpenEndpoint | GuardedEndpoint;

export interface Match {
  readonly endpoint: Endpoint;
  readonly params: Readonly<Record<string, string>>;
}

/** The endpoint for a path on one of the two hosts. */
// Guess: a known path with another method is as unknown as a strange path.
export function matchEndpoint(
  endpoints: readonly Endpoint[],
  { method, pathname, host }: { readonly method: string; readonly pathname: string; readonly host: Host },
): Match | undefined {
  for (const endpoint of endpoints) {
    const { methods, hosts = ["platform"] } = endpoint;
    const params = matchPath(endpoint.path, pathname);
    if (params && hosts.includes(host) && methods.some((each) => each === method)) return { endpoint, params };
  }
  return undefined;
}

function matchPath(pattern: string, pathname: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = pathname.split("/");
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    const value = given[index] ?? "";
    if (name && value) params[name] = value;
    else if (part !== value) return undefined;
  }
  return params;
}
