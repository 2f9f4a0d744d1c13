import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Listener {
  readonly url: string;
  /** Requests that come earlier wait. */
  readonly serve: (handler: RequestHandler) => void;
  readonly stop: () => Promise<void>;
}

export type RequestHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

/** Opens a server on this machine only. Port 0 means any free port. */
export async function listen(port = 0): Promise<Listener> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    serve: (handler) => {
      server.on("request", (incoming, outgoing) => {
        handler(incoming, outgoing).catch((cause: unknown) => admitBug(outgoing, cause));
      });
    },
    stop: () => close(server),
  };
}

/** Never in RingCentral's form, because a defect of the lab must not look like RingCentral's behaviour. */
function admitBug(outgoing: ServerResponse, cause: unknown): void {
  if (outgoing.destroyed) return;
  console.error("The RingCentral lab failed", cause);
  if (!outgoing.headersSent) outgoing.writeHead(599);
  outgoing.end("lab failure");
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
