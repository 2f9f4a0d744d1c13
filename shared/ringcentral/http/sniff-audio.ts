import type { AudioType } from "../../core/calls/audio-formats.ts";

/** First bytes of audio files, in hex (https://mimesniff.spec.whatwg.org/#matching-an-audio-or-video-type-pattern). */
const beginnings: readonly (readonly [RegExp, AudioType])[] = [
  // "ID3", or a frame of MPEG audio, layer III.
  [/^(494433|ff(e[23]|f[23ab]))/, "audio/mpeg"],
  // "RIFF", a length, "WAVE".
  [/^52494646.{8}57415645/, "audio/wav"],
  // "OggS"
  [/^4f676753/, "audio/ogg"],
  // "fLaC"
  [/^664c6143/, "audio/flac"],
  // A length, "ftyp".
  [/^.{8}66747970/, "audio/mp4"],
  // A frame of AAC in an ADTS stream.
  [/^fff[0189]/, "audio/aac"],
  // EBML
  [/^1a45dfa3/, "audio/webm"],
];

/** Returns the media type by the first bytes of a body. Undefined if they are not audio. */
export function sniffAudio(bytes: Uint8Array): AudioType | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString("hex");
  return beginnings.find(([beginning]) => beginning.test(start))?.[1];
}
