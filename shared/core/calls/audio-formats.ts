/** Extensions of stored recordings, by the media type that they are stored with. RingCentral documents the first two. */
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

/** Extensions of the formats that RingCentral documents. */
export const documentedExtensions = ["mp3", "wav"] as const satisfies readonly AudioExtension[];
