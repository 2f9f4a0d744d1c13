import type { LabClock } from "../clock.ts";
import { checkAssertion } from "./assertion.ts";
import { checkClient } from "./client-authentication.ts";
import type { Account } from "./create-account.ts";
import type { IssuedCredential } from "./credential.ts";
import type { ApiRequest } from "./endpoint.ts";
import { apiError, oauthError } from "./errors.ts";
import { type LabResponse, Refusal } from "./lab-response.ts";
import type { Session, Sessions } from "./sessions.ts";

export interface TokenExchangeOptions {
  readonly clock: LabClock;
  readonly account: Account;
  readonly issued: IssuedCredential;
  readonly sessions: Sessions;
  readonly tokenLifetimeSeconds: number;
  readonly issueRefreshTokens: boolean;
}

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** Exchanges a grant for a token (RFC 6749 §4.5, RFC 7523 §2.1). */
export async function exchange({ headers, body }: ApiRequest, options: TokenExchangeOptions): Promise<LabResponse> {
  if (!headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
    return apiError(415, "CMN-115", "Content-Type is not supported"); // Guess: the code beside 415 is not published.
  }
  const form = new URLSearchParams(body);
  refuseRepeatedParameters(form);
  checkClient({ authorization: headers.authorization, form }, options.issued.credential);
  switch (form.get("grant_type")) {
    case jwtBearer:
      return { status: 200, json: tokenInfo(await openSession(form, options), options) };
    case "refresh_token":
      return { status: 200, json: tokenInfo(refreshSession(form, options), options) };
    // Guess: which of the two codes each other grant gets; both are documented.
    case "authorization_code":
    case "password":
      throw new Refusal(
        oauthError({
          error: "unauthorized_client",
          errorCode: "OAU-251",
          message: "Unauthorized for this grant type",
        }),
      );
    default:
      throw new Refusal(
        oauthError({ error: "invalid_request", errorCode: "OAU-250", message: "Unsupported grant type" }),
      );
  }
}

function refuseRepeatedParameters(form: URLSearchParams): void {
  const repeated = [...form.keys()].find((name) => form.getAll(name).length > 1);
  if (repeated === undefined) return;
  const message = `Duplicate parameter: ${repeated}`;
  throw new Refusal(oauthError({ error: "invalid_request", errorCode: "OAU-111", message }));
}

async function openSession(form: URLSearchParams, options: TokenExchangeOptions): Promise<Session> {
  const { clock, issued, account, sessions, issueRefreshTokens } = options;
  const userId = await checkAssertion({ assertion: form.get("assertion") ?? "", issued, clock });
  return sessions.open({
    clientId: issued.credential.clientId,
    userId,
    scopes: scopesOf(form, account),
    lifetimeSeconds: lifetimeOf(form, options),
    endpointId: form.get("endpoint_id") ?? undefined,
    refreshable: issueRefreshTokens,
  });
}

function refreshSession(form: URLSearchParams, { sessions, issueRefreshTokens }: TokenExchangeOptions): Session {
  const session = issueRefreshTokens ? sessions.refresh(form.get("refresh_token") ?? "") : undefined;
  if (session) return session;
  throw new Refusal(oauthError({ error: "invalid_grant", errorCode: "OAU-210", message: "Token expired" }));
}

/** Without `scope`, the token has all the app's scopes (OpenAPI: BaseTokenRequest). */
function scopesOf(form: URLSearchParams, account: Account): readonly string[] {
  const requested = (form.get("scope") ?? "").split(" ").filter(Boolean);
  const foreign = requested.find((scope) => !account.scopes.includes(scope));
  if (foreign === undefined) return requested.length > 0 ? requested : account.scopes;
  const message = `Invalid scope: ${foreign}`;
  throw new Refusal(oauthError({ error: "invalid_scope", errorCode: "OAU-109", message })); // Guess: the code.
}

/** A life below 600 s is raised to 600, and above 3600 it is the default (RingCentral guide: token parameters). */
function lifetimeOf(form: URLSearchParams, { tokenLifetimeSeconds }: TokenExchangeOptions): number {
  const requested = Number(form.get("access_token_ttl") ?? Number.NaN);
  return requested >= 1 && requested <= 3600
    ? Math.min(Math.max(requested, 600), tokenLifetimeSeconds)
    : tokenLifetimeSeconds;
}

function tokenInfo(session: Session, { clock }: TokenExchangeOptions): unknown {
  const { refreshToken } = session;
  return {
    access_token: session.accessToken,
    token_type: "bearer",
    expires_in: Math.round((session.expiresAtMs - clock.now()) / 1000),
    ...(refreshToken && { refresh_token: refreshToken, refresh_token_expires_in: 604_800 }),
    scope: session.scopes.join(" "),
    owner_id: session.userId,
    endpoint_id: session.endpointId,
    session_id: session.id,
  };
}
