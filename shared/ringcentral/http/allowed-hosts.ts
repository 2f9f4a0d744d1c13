/**
 * May a bearer token be sent to `url`? Only to the configured server and to its media host (RingCentral guide: media).
 * On loopback every port of the same address will do, for there the media host is a port.
 */
export function isAllowed(url: URL, server: string): boolean {
  const own = new URL(server);
  if (url.username || url.password) return false;
  if (url.origin === own.origin) return true;
  if (isLoopback(own.hostname)) return url.protocol === own.protocol && url.hostname === own.hostname;
  return url.origin === mediaOriginOf(server);
}

/** Returns the origin of the media host that belongs to `server` (RingCentral guide: media); of a host without one, its own. */
export function mediaOriginOf(server: string): string {
  const url = new URL(server);
  url.hostname = url.hostname.replace(/^platform\./, "media.");
  return url.origin;
}

export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}
