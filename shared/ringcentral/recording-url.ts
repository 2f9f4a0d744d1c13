import { isLoopback } from "./credential.ts";

/**
 * Where a recording's audio is, on the server's media host (RingCentral guide: call recordings). On loopback the media host
 * is a port that only RingCentral's own links name: there it is the server's.
 */
export function recordingContentUrl(server: string, recordingId: string): string {
  const url = new URL(`/restapi/v1.0/account/~/recording/${encodeURIComponent(recordingId)}/content`, server);
  if (!isLoopback(url.hostname)) url.hostname = url.hostname.replace(/^platform\./, "media.");
  return url.href;
}
