import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { goneSignal } from "../gone-signal.ts";
import type { AwsError } from "./aws-error.ts";

/** Request headers by lower-case name; a repeated header is joined with commas. */
export type WireHeaders = Readonly<Record<string, string | undefined>>;

/** A request as it arrives, over HTTP or in process. */
export interface WireRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  readonly headers: WireHeaders;
  readonly body: AsyncIterable<Buffer>;
  /** Aborted when the caller has gone away. */
  readonly gone: AbortSignal;
}

/** The operation of a request, as the SDK names it: `PutObject`, `GetSecretValue`, `Sign`, … */
export interface AwsCall {
  readonly operation: string;
  readonly bucket?: string;
  /** The object's key, or the secret's or KMS key's name as the caller gave it. */
  readonly key?: string;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers?: WireHeaders;
  /** A stream and a response to HEAD have their own `content-length`. */
  readonly body?: string | Readable;
  /** The size of the object that this call stored. */
  readonly stored?: number;
}

/** A request whose operation is known, not yet authenticated or carried out. */
export interface OpenedCall {
  readonly call: AwsCall;
  perform(): Promise<ServiceResponse>;
}

/** One AWS service behind the lab's endpoint. */
export interface Service {
  open(request: WireRequest): Promise<OpenedCall>;
  /** A refusal in the service's own format. */
  refusal(error: AwsError, requestId: string): Pick<ServiceResponse, "headers" | "body">;
  /** Headers that the service adds to every response. */
  headers(requestId: string): WireHeaders;
}

export function httpRequest(request: IncomingMessage, response: ServerResponse): WireRequest {
  const { method = "GET", url = "/" } = request;
  // Leaving the loop over a request early would close its socket, and with it the way back for the refusal.
  const body = request.iterator({ destroyOnReturn: false });
  return { method, url, headers: wireHeaders(request), body, gone: goneSignal(response) };
}

function wireHeaders(request: IncomingMessage): WireHeaders {
  const headers = Object.entries(request.headers);
  return Object.fromEntries(headers.map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value]));
}
