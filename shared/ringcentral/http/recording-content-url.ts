import { recordingContentPath } from "../../core/calls/recording-content.ts";
import { mediaOriginOf } from "./allowed-hosts.ts";

/** Returns the URL of a recording's audio on the media host of `server`. On loopback that is `server` itself. */
export function recordingContentUrl(server: string, recordingId: string): string {
  return new URL(recordingContentPath(recordingId), mediaOriginOf(server)).href;
}
