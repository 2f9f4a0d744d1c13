import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openRecordingStream } from "../../../shared/ringcentral/endpoints/recording.ts";
import { BodyError, BodyTimeoutError } from "../../../shared/ringcentral/http/body.ts";
import type { Client } from "../../../shared/ringcentral/http/client.ts";
import { defaultTimeouts } from "../../../shared/ringcentral/http/timeouts.ts";
import { errorOf, jobErrorOf, pauseOf } from "../../support/ringcentral/open-client.ts";
import { clientTo, inOrder, noResponse, server } from "../../support/ringcentral/scripted-client.ts";

const start = Date.parse("2026-11-04T08:30:00Z");
const light = { group: "light" } as const;
const minuteMs = 60_000;
const oneByte = new Uint8Array(1);

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Returns the time in ms from the start to any end of the work. */
async function lasting(work: Promise<unknown>): Promise<number> {
  let ended = 0;
  const noteEnd = () => {
    ended = Date.now() - start;
  };
  work.then(noteEnd, noteEnd);
  await vi.advanceTimersByTimeAsync(20 * minuteMs);
  return ended;
}

/** Returns a body of one byte each `everyMs`, which breaks off, or ends, after a number of bytes. */
function trickle(everyMs: number, bytes: number, ending: "breaks off" | "ends" = "ends"): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    pull: async (controller) => {
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      if (sent++ < bytes) controller.enqueue(oneByte);
      else if (ending === "ends") controller.close();
      else controller.error(new Error("reset"));
    },
  });
}

const silent = () => new ReadableStream<Uint8Array>();

describe("response headers", () => {
  test("are awaited for 30 seconds once, and then the request pauses, because the same wait again would be billed", async () => {
    const { client, requested } = clientTo(noResponse);

    const pausing = pauseOf(client.sendText("/restapi", light));

    expect(await lasting(pausing)).toBe(30_000);
    expect(await pausing).toMatchObject({ reason: "unavailable", until: new Date(start + 35_000) });
    expect(requested).toHaveLength(1);
  });

  test("that do not come leave the gate open for the next request", async () => {
    const { client } = clientTo(noResponse);

    await lasting(pauseOf(client.sendText("/restapi", light)));

    await expect(client.gate("light").acquire()).resolves.toBeUndefined();
  });

  test("behind all redirects share one time limit", async () => {
    const { client, requested } = clientTo(async ({ signal }) => {
      await new Promise((resolve) => setTimeout(resolve, 12_000));
      signal?.throwIfAborted();
      return new Response(null, { status: 307, headers: { location: "/elsewhere" } });
    });

    const pausing = pauseOf(client.sendText("/restapi", light));
    await lasting(pausing);

    expect([(await pausing).reason, requested.length]).toEqual(["unavailable", 3]);
  });
});

test("a broken connection is retried quickly, because that costs no waiting", async () => {
  const broken = async () => {
    throw new TypeError("fetch failed");
  };
  const { client, requested } = clientTo(broken);

  expect((await pauseOf(client.sendText("/restapi", light))).reason).toBe("unavailable");
  expect(requested).toHaveLength(4);
});

describe("a JSON text makes the request pause at once, without a retry,", () => {
  test.each([
    ["when nothing comes for 30 seconds", silent, 30_000],
    ["when it has not come within two minutes, however steadily it trickles", () => trickle(20_000, 1_000), 120_000],
  ])("%s", async (_when, body, afterMs) => {
    const { client, requested } = clientTo(() => new Response(body()));

    const pausing = pauseOf(client.sendText("/restapi", light));

    expect(await lasting(pausing)).toBe(afterMs);
    expect([(await pausing).reason, requested.length]).toEqual(["unavailable", 1]);
  });
});

test("a refusal whose body does not come within 30 seconds is still a refusal", async () => {
  const { client } = clientTo(() => new Response(silent(), { status: 403 }));

  const refused = jobErrorOf(client.sendText("/restapi", light));

  expect(await lasting(refused)).toBe(30_000);
  expect(await refused).toMatchObject({ code: "API_REFUSED", details: { errorCode: undefined } });
});

describe("a recording", () => {
  const uri = `${server}/restapi/v1.0/account/~/recording/1/content`;
  const audio = (body: ReadableStream<Uint8Array>, headers: Readonly<Record<string, string>>, status = 200) =>
    new Response(body, { status, headers: { "content-type": "audio/mpeg", ...headers } });

  async function read(client: Client): Promise<number> {
    await client.gate("heavy").acquire();
    const { chunks } = await openRecordingStream(client, uri);
    let bytes = 0;
    for await (const chunk of chunks) bytes += chunk.length;
    return bytes;
  }

  test("that comes slowly, but within eight minutes, is read whole", async () => {
    const { client } = clientTo(() => audio(trickle(29_000, 15), { "content-length": "15" }));

    const reading = read(client);

    expect(await lasting(reading)).toBeLessThan(8 * minuteMs);
    expect(await reading).toBe(15);
  });

  test("that takes longer fails", async () => {
    const { client, requested } = clientTo(() => audio(trickle(20_000, 1_000), { "content-length": "1000" }));

    const reading = errorOf(read(client));

    expect(await lasting(reading)).toBe(8 * minuteMs);
    expect(await reading).toBeInstanceOf(BodyError);
    expect(requested).toHaveLength(1);
  });

  test("has eight minutes over all its resumes together", async () => {
    const threeMinutes = () => trickle(20_000, 8, "breaks off");
    const parts = [0, 8, 16, 24].map((from) =>
      audio(
        threeMinutes(),
        from ? { "content-range": `bytes ${from}-99/100` } : { "content-length": "100" },
        from ? 206 : 200,
      ),
    );
    const { client, requested } = clientTo(inOrder(...parts));

    const reading = errorOf(read(client));

    expect(await lasting(reading)).toBe(8 * minuteMs);
    expect(await reading).toBeInstanceOf(BodyTimeoutError);
    expect(requested).toHaveLength(3);
  });
});

test("the limits can be set, and hold even for a body so fast that no timer gets its turn", async () => {
  vi.useRealTimers();
  const timeouts = { ...defaultTimeouts, headersMs: 20, textMs: 20 };
  const flood = () => new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(oneByte) });

  const late = clientTo(noResponse, { timeouts });
  const flooded = clientTo(() => new Response(flood()), { timeouts });

  const pauses = [late, flooded].map(({ client }) => pauseOf(client.sendText("/restapi", light)));
  expect((await Promise.all(pauses)).map(({ reason }) => reason)).toEqual(["unavailable", "unavailable"]);
  expect([late.requested.length, flooded.requested.length]).toEqual([1, 1]);
});
