import { recordingContentPath } from "../../core/calls/recording-content.ts";
import { mediaOriginOf } from "./allowed-hosts.ts";

/** Returns the URL of a recording's audio on the media host of `server`; on loopback, where that is unknown, on `server` itself. */
export function recordingContentUrl(server: string, recordingId: string): string {
  return new URL(recordingContentPath(recordingId), mediaOriginOf(server)).href;
}
