/**
 * Returns the path of a recording's audio on RingCentral's media host. It stands for the `contentUri` that a call record
 * lacks: RingCentral's schema requires one, responses have been seen without.
 * https://developers.ringcentral.com/api-reference/Call-Recordings/readCallRecordingContent
 */
export function recordingContentPath(recordingId: string): string {
  return `/restapi/v1.0/account/~/recording/${encodeURIComponent(recordingId.toWellFormed())}/content`;
}

/** True for what `recordingContentPath` returns. */
export function isRecordingContentPath(text: string): boolean {
  return /^\/restapi\/v1\.0\/account\/~\/recording\/[^/?#]*\/content$/.test(text);
}
