/**
 * True if a bearer token may be sent to `url`: only to the configured server and its media host.
 * On loopback every port of the same host is allowed, because there the media host is a port.
 * https://developers.ringcentral.com/guide/basics/media
 */
export function isAllowed(url: URL, server: string): boolean {
  const configured = new URL(server);
  if (url.username || url.password) return false;
  if (url.origin === configured.origin) return true;
  if (isLoopback(configured.hostname))
    return url.protocol === configured.protocol && url.hostname === configured.hostname;
  return url.origin === mediaOriginOf(server);
}

/**
 * Returns the origin of the media host of `server`, or the server's own if it has none.
 * https://developers.ringcentral.com/guide/basics/media
 */
export function mediaOriginOf(server: string): string {
  const url = new URL(server);
  url.hostname = url.hostname.replace(/^platform\./, "media.");
  return url.origin;
}

export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}
