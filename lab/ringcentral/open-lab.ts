import { createClock } from "../clock.ts";
import type { RingCentralOptions } from "./server.ts";
import { type RingCentral, startRingCentral } from "./server.ts";

/** A lab for one test, with plain HTTP requests. It is closed with the test. */
export interface OpenLab extends AsyncDisposable {
  readonly ringCentral: RingCentral;
  /** Logs in by JWT, with the fields of `form` besides or in place of the usual ones. */
  readonly exchange: (form?: Fields, headers?: Fields) => Promise<Response>;
  readonly login: (form?: Fields) => Promise<string>;
  /** GETs a path of the API host, or any absolute URL, with `token` or one from the first use. */
  readonly get: (
    address: string,
    options?: { readonly token?: string; readonly headers?: Fields },
  ) => Promise<Response>;
  /** POSTs JSON in the same way. */
  readonly post: (address: string, body: unknown, options?: { readonly token?: string }) => Promise<Response>;
  readonly list: (query: string) => Promise<Listing>;
  readonly contentUri: (recordingId: string) => string;
}

type Fields = Readonly<Record<string, string>>;

/** The members of a call-log page that tests read. */
export interface Listing {
  readonly uri: string;
  readonly records: readonly {
    readonly id: string;
    readonly uri: string;
    readonly startTime: string;
    readonly lastModifiedTime?: string;
    readonly result: string;
    readonly deleted?: boolean;
    readonly shortRecording?: boolean;
    readonly recording?: { readonly id: string; readonly contentUri: string };
    readonly legs?: readonly { readonly recording?: { readonly id: string } }[];
  }[];
  readonly paging: { readonly page: number; readonly perPage: number; readonly pageStart?: number };
  readonly navigation: { readonly nextPage?: { readonly uri: string }; readonly firstPage?: { readonly uri: string } };
}

/** A Thursday evening in California, five days after the clocks went back. */
export const labNow = new Date("2026-11-06T04:00:00Z");

export const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** Limits and expiry are out of the way unless a test sets them. */
const generous = { limit: 100_000, windowMs: 60_000, penaltyMs: 60_000 };

export async function openLab(options: RingCentralOptions = {}): Promise<OpenLab> {
  const ringCentral = await startRingCentral({
    clock: createClock(labNow),
    limits: { light: generous, heavy: generous, auth: generous },
    requestsPerSecond: 100_000,
    tokenLifetimeSeconds: 24 * 60 * 60,
    ...options,
  });
  const { url, mediaUrl, credential } = ringCentral;
  let ownToken: Promise<string> | undefined;

  const exchange: OpenLab["exchange"] = (form, headers) =>
    fetch(`${url}/restapi/oauth/token`, {
      method: "POST",
      headers: headers ?? { authorization: basic(credential.clientId, credential.clientSecret) },
      body: new URLSearchParams({ grant_type: jwtBearer, assertion: credential.jwt, ...form }),
    });

  const login: OpenLab["login"] = async (form) => {
    const sent = (await (await exchange(form)).json()) as { readonly access_token: string };
    return sent.access_token;
  };

  const bearer = async (token: string | undefined) => {
    if (token === undefined) ownToken ??= login();
    return `Bearer ${token ?? (await ownToken)}`;
  };

  const get: OpenLab["get"] = async (address, { token, headers } = {}) => {
    const authorization = await bearer(token);
    return fetch(new URL(address, url), { redirect: "manual", headers: { authorization, ...headers } });
  };

  const post: OpenLab["post"] = async (address, body, { token } = {}) => {
    const headers = { authorization: await bearer(token), "content-type": "application/json" };
    return fetch(new URL(address, url), { method: "POST", headers, body: JSON.stringify(body) });
  };

  return {
    ringCentral,
    exchange,
    login,
    get,
    post,
    list: async (query) => (await (await get(`/restapi/v1.0/account/~/call-log?${query}`)).json()) as Listing,
    contentUri: (id) => `${mediaUrl}/restapi/v1.0/account/~/recording/${id}/content`,
    [Symbol.asyncDispose]: () => ringCentral.stop(),
  };
}

export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
}

/** Returns the status and the innermost code of a refusal. */
export async function refusal(sent: Response | Promise<Response>): Promise<readonly [number, string]> {
  const response = await sent;
  const body = (await response.json()) as { readonly errors: readonly { readonly errorCode: string }[] };
  return [response.status, body.errors[0]?.errorCode ?? ""];
}
