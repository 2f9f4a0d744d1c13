import * as oauth from "oauth4webapi";
import * as z from "zod/mini";
import { lenient, optional } from "../../core/optional.ts";
import { JobError } from "../../errors.ts";
import { bodyText } from "../http/body.ts";
import { retryAfterMs } from "../http/rate-headers.ts";
import { errorJson, parseResponseJson } from "../http/response-json.ts";
import { userAgent } from "../http/transport.ts";
import { WireCode } from "../http/wire-code.ts";
import type { Credential } from "./credential.ts";
import { refusalHint } from "./refusal-hints.ts";

/** An access token of the token endpoint; a refresh token in the response is dropped. */
export interface AccessToken {
  readonly value: string;
  readonly expiresInMs: number;
}

/** How an exchange ended. `refused`: until an operator fixes it. `failed`: perhaps temporary. */
export type ExchangeOutcome =
  | { readonly type: "token"; readonly token: AccessToken }
  | { readonly type: "refused"; readonly code: string }
  | { readonly type: "failed"; readonly code: string; readonly retryAfterMs: number };

/** Exchanges a credential for a token. A refusal is final, and a failure passes. */
export type ExchangeToken = (credential: Credential) => Promise<ExchangeOutcome>;

const exchangeTimeoutMs = 20_000;
const defaultRetryMs = 10_000;
const rateLimitedRetryMs = 60_000;
const maxResponseBytes = 64 * 1024;
/**
 * RingCentral's tokens expire after an hour at most; a longer life is cut to a day.
 * https://developers.ringcentral.com/guide/authentication/tokens
 */
const maxTokenLifeMs = 24 * 60 * 60_000;
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
  /** App scopes to request; exactly those that the job needs. */
  readonly scopes: readonly string[];
  readonly fetch: typeof fetch;
}

/** Exchanges the JWT for an access token (RFC 7523 §2.1) in one attempt, with a timeout of 20 s. */
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
      const reduced = await withNeededFields(response);
      const token = await oauth.processGenericTokenEndpointResponse(server, client, reduced);
      if (!isTokenText(token.access_token)) return failed("TOKEN_UNUSABLE");
      if (!token.expires_in) return failed("TOKEN_WITHOUT_EXPIRY");
      const expiresInMs = Math.min(token.expires_in * 1000, maxTokenLifeMs);
      return { type: "token", token: { value: token.access_token, expiresInMs } };
    } catch (error) {
      return failed(error instanceof Error ? WireCode.parse(error.name) : undefined);
    }
  };
}

/**
 * Revokes a token and its whole session (RFC 7009). Returns false on failure, which RingCentral's guide says to ignore.
 */
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

/** Returns the error for a refused credential, with RingCentral's code and the hint for it. */
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
        // Redirects are not followed: secret and JWT may be sent to the configured server only.
        fetchLike(url, { ...init, redirect: "manual" }),
      // The credential allows plain http on loopback only.
      [oauth.allowInsecureRequests]: server.startsWith("http:"),
    },
  };
}

/**
 * HTTP Basic with id and secret form-encoded (RFC 6749 §2.3.1). "-", "_" and "." are not escaped, as in RingCentral's own
 * clients; the library's version escapes them.
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
 * Returns the response with the needed fields of its body only, null as absent, so that no other field can invalidate a
 * token.
 */
async function withNeededFields(response: Response): Promise<Response> {
  const limits = { bytes: maxResponseBytes, idleMs: exchangeTimeoutMs, textMs: exchangeTimeoutMs };
  const body = TokenBody.safeParse(parseResponseJson(await bodyText(response, limits)));
  const { status, headers } = response;
  return new Response(JSON.stringify(body.success ? body.data : {}), { status, headers });
}

/** True if the token has visible characters only, as a header needs (RFC 6749 §A.12, RFC 6750 §2.1). */
function isTokenText(token: string): boolean {
  return /^[\x21-\x7e]+$/.test(token);
}

/**
 * 400, 401 and 403 are refusals; 429, 408 and 5xx are temporary. So is a redirect, which comes from a proxy or
 * maintenance page: a token endpoint sends none. https://developers.ringcentral.com/guide/basics/errors
 */
async function refusal(response: Response): Promise<ExchangeOutcome> {
  const body = ErrorBody.safeParse(await errorJson(response, exchangeTimeoutMs));
  const { error, errorCode, errors } = body.success ? body.data : {};
  // For scopes OAuth's error is more precise than RingCentral's code.
  const scopeError = error === "invalid_scope" || error === "insufficient_scope" ? error : undefined;
  const ringCentralCode = errors?.find((each) => each.errorCode)?.errorCode ?? errorCode;
  const { status } = response;
  const code = scopeError ?? ringCentralCode ?? error ?? `HTTP_${status}`;
  const isTemporary = status < 400 || status >= 500 || status === 408 || status === 429;
  if (!isTemporary) return { type: "refused", code };
  const wait = retryAfterMs(response.headers) ?? (status === 429 ? rateLimitedRetryMs : defaultRetryMs);
  return { type: "failed", code, retryAfterMs: wait };
}

function failed(code = "unknown"): ExchangeOutcome {
  return { type: "failed", code, retryAfterMs: defaultRetryMs };
}
