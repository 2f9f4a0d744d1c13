import { setTimeout as sleep } from "node:timers/promises";
import type { Media } from "./lab-response.ts";

const endless = { length: Infinity, withLength: false };

/** A list of records that is never closed. */
export const endlessJson: Media = {
  ...endless,
  contentType: "application/json;charset=UTF-8",
  chunks: function* () {
    yield Buffer.from('{"records":[{}');
    const more = Buffer.from(",{}".repeat(20_000));
    for (;;) yield more;
  },
};

/** Sends `body` again and again, a few bytes every `everyMs` of real time, independent of the lab's clock. */
export function trickling(body: Media, everyMs: number): Media {
  return { ...endless, contentType: body.contentType, chunks: () => trickle(body, everyMs) };
}

async function* trickle(body: Media, everyMs: number): AsyncGenerator<Buffer> {
  for (;;) {
    for await (const bytes of fewBytesOf(body)) {
      yield bytes;
      await sleep(everyMs, undefined, { ref: false });
    }
  }
}

const few = 3;

async function* fewBytesOf({ length, chunks }: Media): AsyncGenerator<Buffer> {
  if (length === 0) yield Buffer.from(" ");
  for await (const chunk of chunks(length)) {
    for (let start = 0; start < chunk.length; start += few) yield chunk.subarray(start, start + few);
  }
}
