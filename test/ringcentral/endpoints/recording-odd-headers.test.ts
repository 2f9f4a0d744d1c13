import { describe, expect, test } from "vitest";
import { NotAudioError, openRecordingStream } from "../../../shared/ringcentral/endpoints/recording.ts";
import { BodyError } from "../../../shared/ringcentral/http/body.ts";
import { errorOf } from "../../support/ringcentral/open-client.ts";
import { clientTo, inOrder, server } from "../../support/ringcentral/scripted-client.ts";

type Headers = Readonly<Record<string, string>>;

function audio(content: string | ReadableStream | null, headers: Headers, status = 200): Response {
  return new Response(content, { status, headers: { "content-type": "audio/mpeg", ...headers } });
}

/** Opens a recording with these responses, one after the other. */
async function open(...responses: readonly Response[]) {
  const { client, requested } = clientTo(inOrder(...responses));
  await client.gate("heavy").acquire();
  const recording = await openRecordingStream(client, `${server}/restapi/v1.0/account/~/recording/1/content`);
  return { ...recording, sent: (name: string) => requested.map(({ headers }) => headers.get(name)) };
}

async function lengthOf(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const chunk of chunks) length += chunk.length;
  return length;
}

/** Returns an endless body, and whether it was discarded. */
function endless() {
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(4)),
    cancel: () => {
      cancelled = true;
    },
  });
  return { stream, cancelled: () => cancelled };
}

test.each([
  ['"strong"', '"strong"'],
  ['W/"weak"', null],
])("the rest of a download with the tag %s is requested on the condition %s", async (etag, condition) => {
  const rest = audio("456789", { "content-range": "bytes 4-9/10", etag }, 206);

  const { chunks, sent } = await open(audio("0123", { "content-length": "10", etag }), rest);

  expect(await lengthOf(chunks)).toBe(10);
  expect(sent("if-range")).toEqual([null, condition]);
});

test.each(["", "-1", "1e3", "0x10", "NaN", "10, 10", "9".repeat(400)])(
  "an invalid length (%j) counts as missing, and the rest is requested",
  async (length) => {
    const { bytes, chunks, sent } = await open(audio("0123", { "content-length": length }), audio(null, {}));

    expect(bytes).toBeUndefined();
    expect(await lengthOf(chunks)).toBe(4);
    expect(sent("range")).toEqual([null, "bytes=4-"]);
  },
);

describe("a recording longer than the maximum is abandoned and its body discarded", () => {
  test("if it continues beyond its announced length", async () => {
    const body = endless();
    const { chunks, sent } = await open(audio(body.stream, { "content-length": "10" }));

    const error = await errorOf(lengthOf(chunks));

    expect(error).toBeInstanceOf(BodyError);
    expect([body.cancelled(), sent("range")]).toEqual([true, [null]]);
  });

  test("if its announced length exceeds that of any call", async () => {
    const body = endless();

    const error = await errorOf(open(audio(body.stream, { "content-length": String(3 * 1024 ** 3) })));

    expect(error).toBeInstanceOf(BodyError);
    expect(body.cancelled()).toBe(true);
  });
});

test("an unusual media type is not quoted in the error", async () => {
  const error = await errorOf(open(audio("0123", { "content-type": "audio/+16505550100" })));

  expect(error).toBeInstanceOf(NotAudioError);
  expect(error.message).not.toContain("16505550100");
});
