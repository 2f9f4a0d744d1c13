import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { readBody, sendJson } from "./aws-response.ts";
import { listenLocally } from "./listen-locally.ts";

/** An event on its way into a sandbox. */
export interface Delivery {
  /** Created when the runtime takes the event, because a deadline counts from there. */
  readonly headers: () => Readonly<Record<string, string>>;
  readonly payload: string;
}

/** Report of a runtime to its sandbox. */
export interface RuntimeReports {
  readonly taken: () => void;
  readonly answered: (requestId: string, body: string) => void;
  readonly failed: (requestId: string, body: string) => void;
  readonly initFailed: (body: string) => void;
}

/** Lambda's Runtime API (2018-06-01) for one sandbox. */
export interface RuntimeApi {
  /** host:port, for AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** Returns an event to the runtime with its next request. */
  readonly deliver: (delivery: Delivery) => void;
  readonly stop: () => void;
}

/** Starts the Runtime API of one sandbox. */
export async function startRuntimeApi(reports: RuntimeReports): Promise<RuntimeApi> {
  let asking: ServerResponse | undefined;
  let waiting: Delivery | undefined;
  const handOver = () => {
    if (!asking || !waiting) return;
    asking.writeHead(200, { "content-type": "application/json", ...waiting.headers() });
    asking.end(waiting.payload);
    asking = waiting = undefined;
    reports.taken();
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? "").replace("/2018-06-01/runtime/", "");
    if (path === "invocation/next") {
      asking = response;
      handOver();
      return;
    }
    report(path, request, reports)
      .then((known) => sendJson(response, known ? 202 : 404, { status: known ? "OK" : "no such path" }))
      // Killed in the middle of a sentence.
      .catch(() => response.destroy());
  });
  return {
    address: `127.0.0.1:${await listenLocally(server)}`,
    deliver: (delivery) => {
      waiting = delivery;
      handOver();
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function report(path: string, request: IncomingMessage, reports: RuntimeReports): Promise<boolean> {
  const [, requestId = "", kind] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
  if (!kind && path !== "init/error") return false;
  const body = (await readBody(request)).toString("utf8");
  if (!kind) reports.initFailed(body);
  else if (kind === "response") reports.answered(requestId, body);
  else reports.failed(requestId, body);
  return true;
}
