import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Answer } from "./wire.ts";

/** Sends an answer; a caller that goes away meanwhile is no error. */
export async function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const { body } = answer;
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    if (value !== undefined) response.setHeader(name, value);
  }
  if (body instanceof Readable) {
    await pipeline(body, response).catch(() => response.destroy());
  } else if (request.method === "HEAD" || answer.status === 204 || answer.status === 304) {
    response.end();
  } else {
    response.setHeader("content-length", Buffer.byteLength(body ?? ""));
    response.end(body);
  }
}
