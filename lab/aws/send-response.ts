import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ServiceResponse } from "./wire.ts";

/** Sends a response. A caller that goes away meanwhile is no error. */
export async function sendResponse(
  request: IncomingMessage,
  response: ServerResponse,
  content: ServiceResponse,
): Promise<void> {
  const { body } = content;
  response.statusCode = content.status;
  for (const [name, value] of Object.entries(content.headers ?? {})) {
    if (value !== undefined) response.setHeader(name, value);
  }
  if (body instanceof Readable) {
    await pipeline(body, response).catch(() => response.destroy());
  } else if (request.method === "HEAD" || content.status === 204 || content.status === 304) {
    response.end();
  } else {
    response.setHeader("content-length", Buffer.byteLength(body ?? ""));
    response.end(body);
  }
}
