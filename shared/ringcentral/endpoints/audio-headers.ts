import type { AudioType } from "../../core/calls/audio-formats.ts";

/** Media types in which audio is sent, and the type to store it with. */
const audioTypes: ReadonlyMap<string, AudioType> = new Map([
  ...["mpeg", "mp3", "mpeg3", "x-mpeg", "x-mpeg-3", "x-mp3"].map((name) => [`audio/${name}`, "audio/mpeg"] as const),
  ...["wav", "x-wav", "wave", "vnd.wave", "x-pn-wav"].map((name) => [`audio/${name}`, "audio/wav"] as const),
  ...["audio/ogg", "audio/x-ogg", "application/ogg"].map((name) => [name, "audio/ogg"] as const),
  ...["mp4", "m4a", "x-m4a"].map((name) => [`audio/${name}`, "audio/mp4"] as const),
  ...["aac", "x-aac", "aacp"].map((name) => [`audio/${name}`, "audio/aac"] as const),
  ...["flac", "x-flac"].map((name) => [`audio/${name}`, "audio/flac"] as const),
  ["audio/webm", "audio/webm"],
]);

/** Media types of arbitrary bytes (RFC 2046 §4.5.1). */
const anyBytes: readonly string[] = ["application/octet-stream", "binary/octet-stream"];

/**
 * Returns the media type to store a response's audio with. "sniff": only its first bytes show it. Undefined: not audio.
 */
export function audioTypeOf(response: Response): AudioType | "sniff" | undefined {
  const type = mediaTypeOf(response);
  return anyBytes.includes(type) ? "sniff" : audioTypes.get(type);
}

/**
 * Returns a response's media type if it is safe to log and store. Other text may contain anything, and more than four digits
 * may be a phone number.
 */
export function printableType(response: Response): string | undefined {
  const type = mediaTypeOf(response);
  const isPrintable = /^[a-z]{1,20}\/[a-z0-9.+-]{1,40}$/.test(type) && type.replaceAll(/\D/g, "").length <= 4;
  return isPrintable ? type : undefined;
}

/** Returns the media type. A proxy may send the header twice: the first counts. */
function mediaTypeOf({ headers }: Response): string {
  return headers.get("content-type")?.split(/[;,]/)[0]?.trim().toLowerCase() ?? "";
}

/** Returns the length of the whole audio in bytes. Undefined if the headers do not contain it. */
export function lengthOf(response: Response): number | undefined {
  const length = response.headers.get("content-length") ?? "";
  return wholeLengthOf(response) ?? (/^\d{1,15}$/.test(length) ? Number(length) : undefined);
}

/** Returns the whole length in bytes from the Content-Range of a response that starts at byte 0. */
export function wholeLengthOf(response: Response): number | undefined {
  const part = contentRangeOf(response);
  return part?.from === 0 ? part.whole : undefined;
}

/** Returns the start and the whole length, in bytes, from Content-Range (RFC 9110 §14.4). */
export function contentRangeOf({ headers }: Response): { readonly from: number; readonly whole: number } | undefined {
  const range = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15})$/.exec(headers.get("content-range") ?? "");
  return range ? { from: Number(range[1]), whole: Number(range[2]) } : undefined;
}
