import { checkClient } from "./client-authentication.ts";
import type { CounterBook } from "./counters.ts";
import type { ApiRequest, Endpoint } from "./endpoint.ts";
import { apiError, oauthError } from "./errors.ts";
import type { LabResponse } from "./lab-response.ts";
import { exchange, type TokenExchangeOptions } from "./token-exchange.ts";

export interface OauthOptions extends TokenExchangeOptions {
  readonly counters: CounterBook;
}

export function oauthEndpoints(options: OauthOptions): readonly Endpoint[] {
  const group = "auth";
  return [
    {
      name: "token",
      access: "open",
      methods: ["POST"],
      path: "/restapi/oauth/token",
      group,
      respond: (request) => exchange(request, options),
    },
    {
      name: "revoke",
      access: "open",
      methods: ["POST"],
      path: "/restapi/oauth/revoke",
      group,
      respond: (request) => revoke(request, options),
    },
    {
      name: "authorize",
      access: "open",
      methods: ["GET", "POST"],
      path: "/restapi/oauth/authorize",
      group,
      respond: refuseToAuthorize,
    },
  ];
}

/** RFC 7009: an unknown token is no error. A known one ends its whole session. */
function revoke({ headers, body, url }: ApiRequest, { issued, sessions, counters }: OauthOptions): LabResponse {
  const form = new URLSearchParams(body);
  checkClient({ authorization: headers.authorization, form }, issued.credential);
  const token = form.get("token") ?? url.searchParams.get("token") ?? "";
  if (token === "") return apiError(400, "CMN-101", "Parameter [token] value is invalid", { parameterName: "token" });
  if (sessions.close(token)) counters.add("revocations");
  return { status: 200 };
}

/** A JWT app has no redirect URI, so interactive log-in is impossible. */
function refuseToAuthorize(): LabResponse {
  const message = "No redirect URI is registered for the client";
  return oauthError({ status: 403, error: "unauthorized_client", errorCode: "OAU-113", message });
}
