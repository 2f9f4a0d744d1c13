import { randomUUID } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";

/** A request the service refuses, in the shape the AWS SDK turns into an exception of that name. */
export class Refusal extends Error {
  readonly status: number;
  readonly errorType: string;

  constructor(status: number, errorType: string, message: string) {
    super(message);
    this.status = status;
    this.errorType = errorType;
  }
}

/** Creates the refusal of a request with invalid content. */
export function invalidParameter(message: string): Refusal {
  return new Refusal(400, "InvalidParameterValueException", message);
}

/** Sends `body` as JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, { "content-type": "application/json", "x-amzn-requestid": randomUUID(), ...headers });
  response.end(JSON.stringify(body));
}

/** Sends a refusal, or for any other error an internal failure of the service. */
export function sendError(response: ServerResponse, error: unknown): void {
  const refusal = error instanceof Refusal ? error : new Refusal(500, "ServiceException", String(error));
  const type = refusal.status < 500 ? "User" : "Service";
  // Some of Lambda's exceptions spell it `Message`, others `message`.
  const body = { Type: type, Message: refusal.message, message: refusal.message };
  sendJson(response, refusal.status, body, { "x-amzn-errortype": refusal.errorType });
}

/** Reads a request's whole body. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
