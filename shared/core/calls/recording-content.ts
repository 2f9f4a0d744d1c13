/**
 * Returns the path of a recording's audio on RingCentral's media host, for call records without `contentUri`.
 * RingCentral's schema requires one, but some responses lack it.
 * https://developers.ringcentral.com/api-reference/Call-Recordings/readCallRecordingContent
 */
export function recordingContentPath(recordingId: string): string {
  return `/restapi/v1.0/account/~/recording/${encodeURIComponent(recordingId.toWellFormed())}/content`;
}

/** True for a path that `recordingContentPath` returned. */
export function isRecordingContentPath(text: string): boolean {
  return /^\/restapi\/v1\.0\/account\/~\/recording\/[^/?#]*\/content$/.test(text);
}
