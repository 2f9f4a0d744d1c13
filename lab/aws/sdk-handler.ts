import { Readable } from "node:stream";
import { whenGone } from "../gone-signal.ts";
import type { ServiceResponse, WireRequest } from "./wire.ts";

/** A request as the SDK's clients hand it to their `requestHandler`. */
export interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Readable;
}

/** Replacement of HTTP in a client of the SDK. */
export interface SdkHandler {
  readonly handle: (
    request: SdkRequest,
    options?: { readonly abortSignal?: unknown },
  ) => Promise<{ response: SdkResponse }>;
}

/** The `socketTimeout` of the SDK's own HTTP handler, as the product sets it. */
const defaultSocketTimeoutMs = 30_000;

export type HandleRequest = (request: WireRequest) => Promise<ServiceResponse | undefined>;

/** Sends the SDK's requests to the lab in this process, unchanged from what would go over the wire. */
export function createSdkHandler(handle: HandleRequest, socketTimeoutMs = defaultSocketTimeoutMs): SdkHandler {
  return {
    handle: async (request, { abortSignal } = {}) => {
      const { method } = request;
      const controller = new AbortController();
      const hangUp = (error: Error) => controller.abort(error);
      const timer = setTimeout(() => hangUp(socketTimedOut(socketTimeoutMs)), socketTimeoutMs);
      if (abortSignal instanceof AbortSignal) abortSignal.addEventListener("abort", () => hangUp(aborted()));
      const gone = controller.signal;
      try {
        const body = piecesOf(request.body);
        const serving = handle({ method, url: urlOf(request), headers: sentHeaders(request), body, gone });
        const served = await Promise.race([serving, whenGone(gone)]);
        gone.throwIfAborted();
        if (!served) throw connectionReset();
        return { response: responseOf(method, served) };
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** Node's HTTP client announces a length of 0 for a request that may have a body and has none. */
function sentHeaders({ method, headers, body }: SdkRequest): SdkRequest["headers"] {
  const isEmpty = (method === "PUT" || method === "POST") && (body === undefined || body === "");
  return isEmpty ? { "content-length": "0", ...headers } : headers;
}

/** Creates one of three errors of the SDK's own HTTP handler, by which the SDK's clients decide whether to retry. */
export function connectionReset(): Error {
  return Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
}

function socketTimedOut(ms: number): Error {
  return Object.assign(new Error(`the request socket timed out after ${ms} ms of inactivity`), {
    name: "TimeoutError",
  });
}

function aborted(): Error {
  return Object.assign(new Error("Request aborted"), { name: "AbortError" });
}

function responseOf(method: string, { status, headers = {}, body = "" }: ServiceResponse): SdkResponse {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) given[name] = value;
  if (typeof body !== "string") return { statusCode: status, headers: given, body };
  const bytes = Buffer.from(method === "HEAD" ? "" : body);
  if (method !== "HEAD") given["content-length"] = String(bytes.length);
  return { statusCode: status, headers: given, body: Readable.from(bytes.length > 0 ? [bytes] : []) };
}

function urlOf({ path, query = {} }: SdkRequest): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === null ? [encode(name)] : [value].flat().map((each) => `${encode(name)}=${encode(each)}`),
  );
  return pairs.length > 0 ? `${path}?${pairs.join("&")}` : path;
}

/** Encodes as AWS's signatures do: every character except the unreserved ones of RFC 3986. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

async function* piecesOf(body: unknown): AsyncGenerator<Buffer> {
  if (body === undefined || body === null) return;
  if (typeof body === "string") yield Buffer.from(body);
  else if (body instanceof Uint8Array) yield Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  else for await (const piece of body as AsyncIterable<Uint8Array>) yield Buffer.from(piece);
}
