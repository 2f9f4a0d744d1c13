import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { promisify } from "node:util";

export interface HttpServer {
  readonly url: string;
  /** Closes every connection and waits until no request is running. May be called again. */
  stop(): Promise<void>;
}

/** Longer than any test's pause between two requests, so that the server closes no idle connection that the SDK reuses. In ms. */
const keepAliveMs = 60_000;

/** Serves on this machine only. */
export async function listen(
  port: number,
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<HttpServer> {
  const underWay = new Set<Promise<void>>();
  const server = createServer({ keepAliveTimeout: keepAliveMs, requestTimeout: 0 }, (request, response) => {
    const work = handle(request, response).finally(() => underWay.delete(work));
    underWay.add(work);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens on no port");
  let stopped: Promise<unknown> | undefined;
  const stop = (): Promise<unknown> => {
    const closed = promisify(server.close.bind(server))();
    server.closeAllConnections();
    return Promise.all([closed, ...underWay]);
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      stopped ??= stop();
      await stopped;
    },
  };
}
