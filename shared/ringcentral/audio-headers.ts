/** Media types under which RingCentral may give its two kinds of audio. */
const audioTypes = {
  "audio/mpeg": "audio/mpeg",
  "audio/mp3": "audio/mpeg",
  "audio/wav": "audio/wav",
  "audio/x-wav": "audio/wav",
  "audio/wave": "audio/wav",
} as const;
export type AudioType = (typeof audioTypes)[keyof typeof audioTypes];

const byName: ReadonlyMap<string, AudioType> = new Map(Object.entries(audioTypes));

/** What kind of audio an answer says that it is, or undefined where it says something else. */
export function audioTypeOf(response: Response): AudioType | undefined {
  return byName.get(mediaTypeOf(response));
}

/** The media type in words that may be printed: what is not spelt like one may hold anything. */
export function printableType(response: Response): string {
  const type = mediaTypeOf(response);
  if (type === "") return "no content type";
  return /^[a-z]{1,20}\/[a-z.+-]{1,40}$/.test(type) ? type : "an odd content type";
}

function mediaTypeOf({ headers }: Response): string {
  return headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
}

/** The length of the whole audio of which an answer is the beginning, or undefined where it does not say. */
export function lengthOf(response: Response): number | undefined {
  const length = response.headers.get("content-length") ?? "";
  return wholeLengthOf(response) ?? (/^\d{1,15}$/.test(length) ? Number(length) : undefined);
}

/** The length of a whole that came with status 206, from its Content-Range. */
export function wholeLengthOf(response: Response): number | undefined {
  const part = partOf(response);
  return part?.from === 0 ? part.whole : undefined;
}

/** Which part an answer carries, from its Content-Range (RFC 9110 §14.4). */
export function partOf({ headers }: Response): { readonly from: number; readonly whole: number } | undefined {
  const range = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15})$/.exec(headers.get("content-range") ?? "");
  return range ? { from: Number(range[1]), whole: Number(range[2]) } : undefined;
}
