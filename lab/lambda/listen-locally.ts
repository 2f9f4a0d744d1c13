import { once } from "node:events";
import type { Server } from "node:http";

/** Listens on a free port of this machine only, and returns the port. */
export async function listenLocally(server: Server): Promise<number> {
  // A sandbox may be quiet for longer than Node lets a request take.
  server.requestTimeout = 0;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens on no port.");
  return address.port;
}
