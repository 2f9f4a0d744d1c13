import { describe, expect, test } from "vitest";
import { BodyError, bodyChunks, bodyText, discardBody } from "../../../shared/ringcentral/http/body.ts";
import { defaultTimeouts } from "../../../shared/ringcentral/http/timeouts.ts";
import { errorOf, jobErrorOf } from "../../support/ringcentral/open-client.ts";
import { clientTo, inOrder } from "../../support/ringcentral/scripted-client.ts";

const mebibyte = 1024 * 1024;
const light = { group: "light" } as const;
const patience = { idleMs: 1_000, remainingMs: () => 1_000 };

/** Returns an endless body, the number of bytes that were read, and whether it was discarded. */
function endless(pieceBytes: number) {
  let pieces = 0;
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      pieces++;
      controller.enqueue(new Uint8Array(pieceBytes).fill(32));
    },
    cancel: () => {
      cancelled = true;
    },
  });
  return { stream, pulled: () => pieces * pieceBytes, cancelled: () => cancelled };
}

describe("a body", () => {
  test("longer than the limit is abandoned before its end and discarded", async () => {
    const { stream, pulled, cancelled } = endless(10);

    const error = await errorOf(bodyText(new Response(stream), { bytes: 80, ...defaultTimeouts }));

    expect(error).toBeInstanceOf(BodyError);
    expect(pulled()).toBeLessThan(200);
    expect(cancelled()).toBe(true);
  });

  test("that its reader leaves is discarded, so that its connection is released", async () => {
    const { stream, cancelled } = endless(10);

    for await (const _chunk of bodyChunks(new Response(stream), patience)) break;

    expect(cancelled()).toBe(true);
  });

  test("that is missing is empty", async () => {
    expect(await bodyText(new Response(null), { bytes: 10, ...defaultTimeouts })).toBe("");
  });

  test("that broke before it was discarded has no other effect", async () => {
    const broken = new ReadableStream({ start: (controller) => controller.error(new Error("reset")) });

    await expect(discardBody(new Response(broken))).resolves.toBeUndefined();
  });
});

test.each([
  [302, { location: "/elsewhere" }],
  [401, {}],
  [429, { "retry-after": "1" }],
  [503, { "retry-after": "1" }],
  [500, {}],
])("the body of a %i, which is not read, is discarded", async (status, headers) => {
  const { stream, cancelled } = endless(10);
  const responses = [new Response(stream, { status, headers: { ...headers } })];
  const { client } = clientTo(() => responses.pop() ?? new Response("{}"));

  await client.sendText("/restapi", light).catch(() => undefined);

  expect(cancelled()).toBe(true);
});

test("a response without an end takes 16 MiB of memory at most, is requested once, and named too large", async () => {
  const bodies: ReturnType<typeof endless>[] = [];
  const { client } = clientTo(() => {
    const body = endless(mebibyte);
    bodies.push(body);
    return new Response(body.stream);
  });

  expect((await jobErrorOf(client.sendText("/restapi", light))).code).toBe("API_TOO_LARGE");
  expect(bodies).toHaveLength(1);
  for (const { pulled } of bodies) expect(pulled()).toBeLessThanOrEqual(19 * mebibyte);
});

test("a response of 16 MiB is read whole, and one of a byte more is too large", async () => {
  const { client } = clientTo(inOrder(...[0, 1].map((more) => new Response("x".repeat(16 * mebibyte + more)))));

  expect((await client.sendText("/restapi", light)).length).toBe(16 * mebibyte);
  expect((await jobErrorOf(client.sendText("/restapi", light))).code).toBe("API_TOO_LARGE");
});

test("the body of an error is read up to its limit, and the error has the known details", async () => {
  const { stream, pulled, cancelled } = endless(1_024);
  const { client } = clientTo(() => new Response(stream, { status: 404 }));

  const error = await jobErrorOf(client.sendText("/restapi", light));

  expect(error).toMatchObject({ code: "API_REFUSED", details: { status: 404, errorCode: undefined } });
  expect(pulled()).toBeLessThan(70 * 1_024);
  expect(cancelled()).toBe(true);
});
