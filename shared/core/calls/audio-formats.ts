/** File extension by media type. */
export const audioExtensions = {
  "audio/mpeg": "mp3",
  "audio/wav": "wav",
  "audio/ogg": "ogg",
  "audio/mp4": "m4a",
  "audio/aac": "aac",
  "audio/flac": "flac",
  "audio/webm": "webm",
} as const;

export type AudioType = keyof typeof audioExtensions;
export type AudioExtension = (typeof audioExtensions)[AudioType];

/**
 * Formats that RingCentral documents.
 * https://developers.ringcentral.com/api-reference/Call-Recordings/readCallRecordingContent
 */
export const documentedExtensions = ["mp3", "wav"] as const satisfies readonly AudioExtension[];
