import { isLoopback } from "./credential.ts";

/**
 * May a bearer token be sent to `url`? Only to the configured server and to its media host (RingCentral guide: media).
 * On loopback every port of the same address will do, for there the media host is a port.
 */
export function isAllowed(url: URL, server: string): boolean {
  const own = new URL(server);
  if (url.username || url.password) return false;
  if (url.origin === own.origin) return true;
  if (url.protocol !== own.protocol) return false;
  if (isLoopback(own.hostname)) return url.hostname === own.hostname;
  return url.port === own.port && url.hostname === own.hostname.replace(/^platform\./, "media.");
}
