import type { IncomingHttpHeaders } from "node:http";
import { whenGone } from "../gone-signal.ts";
import { bodyOf } from "./body-of.ts";
import { lengthHeaders } from "./deliver.ts";
import type { Host } from "./endpoint.ts";
import type { Arrival, Outgoing } from "./handle-request.ts";
import type { Media } from "./lab-response.ts";

/** End of a body: complete, with a broken connection, or never. */
type BodyEnd = "close" | "break" | "never";

export interface InProcessOptions {
  /** Origins of the two hosts. */
  readonly hosts: Readonly<Record<Host, string>>;
  readonly handle: (host: Host, arrival: Arrival) => Promise<Outgoing>;
}

/** Creates a `fetch` for the lab in this process, with the responses and errors of fetch over a network. Follows no redirects. */
export function createFetch({ hosts, handle }: InProcessOptions): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const host = (Object.keys(hosts) as Host[]).find((each) => new URL(hosts[each]).origin === url.origin);
    const gone = init.signal ?? new AbortController().signal;
    gone.throwIfAborted();
    if (!host) throw failed("ECONNREFUSED");
    const arrival = { method: init.method ?? "GET", url, ...sentBy(init), gone };
    const outgoing = await Promise.race([handle(host, arrival), whenGone(gone)]);
    gone.throwIfAborted();
    if (!outgoing || outgoing.delivery === "drop") throw failed("ECONNRESET");
    if (outgoing.delivery === "never") {
      await whenGone(gone);
      throw gone.reason;
    }
    if (outgoing.response.headers?.location && init.redirect !== "manual") throw new TypeError("fetch failed");
    return responseOf(outgoing, gone);
  };
}

/** Creates undici's error of a failed connection. */
function failed(code: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
}

function sentBy({ headers: given, body }: RequestInit): { headers: IncomingHttpHeaders; body: string } {
  const headers = new Headers(given);
  if (body instanceof URLSearchParams && !headers.has("content-type"))
    headers.set("content-type", "application/x-www-form-urlencoded;charset=UTF-8");
  return { headers: Object.fromEntries(headers), body: body === undefined || body === null ? "" : String(body) };
}

function responseOf({ response, delivery, headers }: Outgoing, gone: AbortSignal): Response {
  const { status } = response;
  const body = bodyOf(response);
  const half = Math.floor(body.length / 2);
  const all = { ...headers, ...response.headers, ...lengthHeaders(body, delivery, half) };
  const init = {
    status,
    headers: Object.entries(all).map(([name, value]) => [name, String(value)] as [string, string]),
  };
  if ([204, 304].includes(status)) return new Response(null, init);
  const length = delivery === "whole" ? body.length : delivery === "stall" ? 0 : half;
  return new Response(streamOf(body, { length, end: endOf(delivery), gone }), init);
}

function endOf(delivery: Outgoing["delivery"]): BodyEnd {
  return delivery === "stall" ? "never" : delivery === "cut" ? "break" : "close";
}

interface StreamOptions {
  readonly length: number;
  readonly end: BodyEnd;
  readonly gone: AbortSignal;
}

function streamOf({ chunks }: Media, { length, end, gone }: StreamOptions): ReadableStream<Uint8Array> {
  const source = iteratorOf(chunks(length));
  let isOpen = true;
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const breakOff = () => {
          if (isOpen) controller.error(gone.reason);
          isOpen = false;
        };
        gone.addEventListener("abort", breakOff, { once: true });
      },
      pull: async (controller) => {
        const { done, value } = await nextBytes(source);
        if (!isOpen) return;
        if (!done) return controller.enqueue(value);
        if (end === "never") return new Promise(() => {});
        isOpen = false;
        if (end === "close") return controller.close();
        controller.error(new TypeError("terminated", { cause: new Error("other side closed") }));
      },
      cancel: async () => {
        isOpen = false;
        await source.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** An empty piece would not be visible over a network. */
async function nextBytes(source: Iterator<Buffer> | AsyncIterator<Buffer>): Promise<IteratorResult<Buffer>> {
  for (;;) {
    const next = await source.next();
    if (next.done || next.value.length > 0) return next;
  }
}

function iteratorOf(chunks: Iterable<Buffer> | AsyncIterable<Buffer>): Iterator<Buffer> | AsyncIterator<Buffer> {
  return Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
}
