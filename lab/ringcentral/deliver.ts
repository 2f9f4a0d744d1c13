import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { bodyOf } from "./body-of.ts";
import type { Delivery } from "./corrupt-response.ts";
import type { Outgoing } from "./handle-request.ts";
import type { Media } from "./lab-response.ts";

/** Sends a response, whole or as a fault requires. */
export async function deliver(outgoing: ServerResponse, { response, delivery, headers }: Outgoing): Promise<void> {
  if (delivery === "never") return;
  if (delivery === "drop") {
    outgoing.destroy();
    return;
  }
  const body = bodyOf(response);
  const half = Math.floor(body.length / 2);
  outgoing.writeHead(response.status, { ...headers, ...response.headers, ...lengthHeaders(body, delivery, half) });
  outgoing.flushHeaders();
  if (delivery === "stall") return;
  const length = delivery === "whole" ? body.length : half;
  const source = Readable.from(body.chunks(length), { objectMode: false });
  await pipeline(source, outgoing, { end: delivery !== "cut" }).catch(ignoreLostReader);
  if (delivery === "cut") outgoing.socket?.destroySoon();
}

/** Returns the announced length of a response, which may be wrong. */
export function lengthHeaders(body: Media, delivery: Delivery, half: number): OutgoingHttpHeaders {
  const type = { "content-type": body.contentType };
  if (delivery === "short chunked" || (delivery === "whole" && !body.withLength)) return type;
  return { ...type, "content-length": delivery === "short declared" ? half : body.length };
}

/** Ignores that a caller goes away in the middle of a response. */
function ignoreLostReader(cause: NodeJS.ErrnoException): void {
  const lost = ["ERR_STREAM_PREMATURE_CLOSE", "ECONNRESET", "EPIPE", "ERR_STREAM_DESTROYED"];
  if (!lost.includes(cause.code ?? "")) throw cause;
}
