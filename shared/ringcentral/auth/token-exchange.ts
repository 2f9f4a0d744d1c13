import * as oauth from "oauth4webapi";
import * as z from "zod/mini";
import { lenient, optional } from "../../core/optional.ts";
import { JobError } from "../../errors.ts";
import { bodyText } from "../http/body.ts";
import { retryAfterMs } from "../http/rate-headers.ts";
import { answerJson, errorJson } from "../http/response-json.ts";
import { userAgent } from "../http/transport.ts";
import { WireCode } from "../http/wire-code.ts";
import type { Credential } from "./credential.ts";
import { refusalHint } from "./refusal-hints.ts";

/** An access token as the token endpoint gave it; a refresh token in the answer is dropped here. */
export interface AccessToken {
  readonly value: string;
  readonly expiresInMs: number;
}

/** How an exchange ended. A refusal is for good until somebody mends it; a failure may pass by itself. */
export type ExchangeOutcome =
  | { readonly type: "token"; readonly token: AccessToken }
  | { readonly type: "refused"; readonly code: string }
  | { readonly type: "failed"; readonly code: string; readonly retryAfterMs: number };

export type ExchangeToken = (credential: Credential) => Promise<ExchangeOutcome>;

const exchangeTimeoutMs = 20_000;
const defaultRetryMs = 10_000;
const rateLimitedRetryMs = 60_000;
const longestAnswer = 64 * 1024;
/** RingCentral's tokens live an hour at most (guide: access tokens); one that promises more is looked at again after a day. */
const longestLifeMs = 24 * 60 * 60_000;
const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const ErrorBody = z.object({
  error: WireCode,
  errorCode: WireCode,
  errors: lenient(z.array(z.object({ errorCode: WireCode }))),
});

/** The members of a token response that are read (RFC 6749 §5.1); oauth4webapi checks their forms. */
const TokenBody = z.object({
  access_token: optional(z.unknown()),
  token_type: optional(z.unknown()),
  expires_in: optional(z.unknown()),
});

export interface ExchangeOptions {
  /** App scopes to ask for; exactly what the job needs. */
  readonly scopes: readonly string[];
  readonly fetch: typeof fetch;
}

/** Exchanges the JWT for an access token (RFC 7523 §2.1), one attempt, given up after 20 seconds. */
export function createTokenExchange({ scopes, fetch }: ExchangeOptions): ExchangeToken {
  return async (credential) => {
    const { server, client, authentication, options } = oauthParts(credential, fetch);
    const parameters = { assertion: credential.jwt.reveal(), scope: scopes.join(" ") };
    try {
      const response = await oauth.genericTokenEndpointRequest(
        server,
        client,
        authentication,
        jwtBearer,
        parameters,
        options,
      );
      if (!response.ok) return await refusal(response);
      const needed = await neededOf(response);
      const answer = await oauth.processGenericTokenEndpointResponse(server, client, needed);
      if (!isTokenText(answer.access_token)) return failed("TOKEN_UNUSABLE");
      if (!answer.expires_in) return failed("TOKEN_WITHOUT_EXPIRY");
      const expiresInMs = Math.min(answer.expires_in * 1000, longestLifeMs);
      return { type: "token", token: { value: answer.access_token, expiresInMs } };
    } catch (error) {
      return failed(error instanceof Error ? WireCode.parse(error.name) : undefined);
    }
  };
}

/** Revokes a token, and with it its whole session (RFC 7009); RingCentral's guide says to ignore a failure. */
export async function revokeToken(credential: Credential, token: string, fetchLike: typeof fetch): Promise<boolean> {
  const { server, client, authentication, options } = oauthParts(credential, fetchLike);
  try {
    const response = await oauth.revocationRequest(server, client, authentication, token, options);
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** The error for a refused credential: RingCentral's code and what to change where. */
export function refusedError(code: string): JobError {
  return new JobError("CREDENTIAL_REFUSED", `RingCentral refused to exchange the JWT: ${code}`, {
    hint: refusalHint(code),
    details: { errorCode: code },
  });
}

function oauthParts(credential: Credential, fetchLike: typeof fetch) {
  const { server, clientId, clientSecret } = credential;
  return {
    server: {
      issuer: server,
      token_endpoint: `${server}/restapi/oauth/token`,
      revocation_endpoint: `${server}/restapi/oauth/revoke`,
    },
    client: { client_id: clientId },
    authentication: clientSecretBasic(clientSecret.reveal()),
    options: {
      signal: AbortSignal.timeout(exchangeTimeoutMs),
      headers: { "user-agent": userAgent },
      [oauth.customFetch]: (url: string, init: oauth.CustomFetchOptions<"POST", URLSearchParams>) =>
        // Never followed: secret and JWT are for the configured server alone.
        fetchLike(url, { ...init, redirect: "manual" }),
      // The credential allows plain http on loopback only.
      [oauth.allowInsecureRequests]: server.startsWith("http:"),
    },
  };
}

/**
 * HTTP Basic with id and secret form-encoded (RFC 6749 §2.3.1) as HTML forms are: "-", "_" and "." stay as they are, so
 * that the header reads as RingCentral's own clients write it (the library's version escapes them).
 */
function clientSecretBasic(clientSecret: string): oauth.ClientAuth {
  return (_server, client, _body, headers) => {
    const pair = [client.client_id, clientSecret].map(formEncoded).join(":");
    headers.set("authorization", `Basic ${Buffer.from(pair).toString("base64")}`);
  };
}

function formEncoded(value: string): string {
  return new URLSearchParams([["", value]]).toString().slice(1);
}

/**
 * Returns the response with what is read of its body: no field that is dropped anyway decides whether a token is good,
 * and null is absent.
 */
async function neededOf(response: Response): Promise<Response> {
  const limits = { bytes: longestAnswer, idleMs: exchangeTimeoutMs, textMs: exchangeTimeoutMs };
  const body = TokenBody.safeParse(answerJson(await bodyText(response, limits)));
  const { status, headers } = response;
  return new Response(JSON.stringify(body.success ? body.data : {}), { status, headers });
}

/** A token goes into a header: visible characters only (RFC 6749 §A.12, RFC 6750 §2.1). */
function isTokenText(token: string): boolean {
  return /^[\x21-\x7e]+$/.test(token);
}

/**
 * 400, 401 and 403 are refusals; 429, 408 and 5xx pass automatically (RingCentral guide: errors, OAuth token errors), and
 * so does a redirect, which no token endpoint sends: a proxy or a maintenance page stands before it.
 */
async function refusal(response: Response): Promise<ExchangeOutcome> {
  const body = ErrorBody.safeParse(await errorJson(response, exchangeTimeoutMs));
  const { error, errorCode, errors } = body.success ? body.data : {};
  // What is wrong with a scope, OAuth says more exactly than RingCentral's codes.
  const ofScope = error === "invalid_scope" || error === "insufficient_scope" ? error : undefined;
  const own = errors?.find((each) => each.errorCode)?.errorCode ?? errorCode;
  const { status } = response;
  const code = ofScope ?? own ?? error ?? `HTTP_${status}`;
  const isPassing = status < 400 || status >= 500 || status === 408 || status === 429;
  if (!isPassing) return { type: "refused", code };
  const wait = retryAfterMs(response.headers) ?? (status === 429 ? rateLimitedRetryMs : defaultRetryMs);
  return { type: "failed", code, retryAfterMs: wait };
}

function failed(code = "unknown"): ExchangeOutcome {
  return { type: "failed", code, retryAfterMs: defaultRetryMs };
}
