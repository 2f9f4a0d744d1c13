import type { LabClock } from "../clock.ts";
import { claimedClientId } from "./client-authentication.ts";
import type { CounterBook } from "./counters.ts";
import type { Account } from "./create-account.ts";
import type { ApiRequest, Endpoint, GuardedEndpoint, Host } from "./endpoint.ts";
import { addressRateExceeded, lacksPermission, lacksScope, notFound, rateExceeded, unauthorized } from "./errors.ts";
import { type LabResponse, Refusal } from "./lab-response.ts";
import type { RateLimiter, RateVerdict } from "./rate-limiter.ts";
import type { Session, Sessions } from "./sessions.ts";

export interface AdmitOptions {
  readonly clock: LabClock;
  readonly account: Account;
  readonly sessions: Sessions;
  readonly limiter: RateLimiter;
  readonly counters: CounterBook;
}

/** A request that names an endpoint. */
export interface ApiCall {
  readonly endpoint: Endpoint;
  readonly request: ApiRequest;
  readonly host: Host;
}

/** An admitted request: its caller, the limiter's verdict, and its work. */
export interface Admission {
  readonly caller: string;
  readonly rateHeaders: Readonly<Record<string, string>>;
  readonly work: () => LabResponse | Promise<LabResponse>;
}

/** Authenticates and throttles. Throws the refusal, which has its own headers. */
export function admit(options: AdmitOptions, { endpoint, request, host }: ApiCall): Admission {
  if (!options.limiter.admitAddress()) throw new Refusal(addressRateExceeded());
  if (endpoint.access === "open") {
    const { authorization } = request.headers;
    const caller = claimedClientId({ authorization, form: new URLSearchParams(request.body) });
    const { headers } = throttle(options, endpoint, caller);
    return { caller, rateHeaders: headers, work: () => endpoint.respond(request) };
  }
  const session = authenticate(options.sessions, request, host);
  const caller = `${session.userId} ${session.clientId}`;
  const { headers } = throttle(options, endpoint, caller);
  const work = () => {
    authorise(options.account, endpoint, request, session);
    return endpoint.respond(request, session);
  };
  return { caller, rateHeaders: headers, work };
}

function authenticate(sessions: Sessions, { headers, url }: ApiRequest, host: Host): Session {
  const inQuery = host === "media" ? url.searchParams.get("access_token") : null; // RingCentral guide: media.
  const token = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1] ?? inQuery;
  if (!token) throw new Refusal(unauthorized("missing"));
  const found = sessions.find(token);
  if (typeof found === "string") throw new Refusal(unauthorized(found));
  return found;
}

const unthrottled: RateVerdict = { allowed: true, insidePenalty: false, headers: {} };

function throttle({ clock, limiter, counters }: AdmitOptions, { name, group }: Endpoint, caller: string): RateVerdict {
  if (!group) return unthrottled;
  const atMs = clock.now();
  const verdict = limiter.admit(caller, group);
  const { allowed, insidePenalty, headers } = verdict;
  counters.admitted({ atMs, endpoint: name, group, limited: !allowed, insidePenalty });
  if (!allowed) throw new Refusal({ ...rateExceeded(), headers });
  return verdict;
}

/** `ReadCallRecording` includes `ReadCallLog` (RingCentral guide: application permissions). */
const scopesThatInclude: Readonly<Record<string, readonly string[]>> = { ReadCallLog: ["ReadCallRecording"] };

function authorise(
  account: Account,
  { scope, permission }: GuardedEndpoint,
  { params }: ApiRequest,
  session: Session,
): void {
  const enough = scope === undefined ? [] : [scope, ...(scopesThatInclude[scope] ?? [])];
  if (scope !== undefined && !enough.some((each) => session.scopes.includes(each))) {
    throw new Refusal(lacksScope(scope));
  }
  if (permission !== undefined && !account.permissions.includes(permission)) {
    throw new Refusal(lacksPermission(permission));
  }
  if (params.account !== "~" && params.account !== account.id) throw new Refusal(notFound("accountId"));
}
