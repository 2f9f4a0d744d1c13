import type { Answer, Media } from "./answer.ts";

/** What an answer sends after its headers: audio, JSON, or nothing. */
export function bodyOf({ json, media }: Answer): Media {
  if (media) return media;
  const bytes = json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(json));
  return {
    contentType: "application/json;charset=UTF-8",
    length: bytes.length,
    withLength: true,
    chunks: (length) => [bytes.subarray(0, length)],
  };
}
