import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BodyFault, bodyChunks, bodyText } from "../../shared/ringcentral/body.ts";
import { createClient } from "../../shared/ringcentral/client.ts";
import { createRateGate } from "../../shared/ringcentral/rate-gate.ts";
import { errorOf, pauseOf } from "./open-client.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const now = () => new Date();
const chunk = new TextEncoder().encode('{"half":');

/** Sends one chunk and then nothing any more. */
function stalled(): Response {
  return new Response(new ReadableStream({ start: (controller) => controller.enqueue(chunk) }));
}

/** A client whose requests go to `answer` instead of the network, which no fake clock can hurry. */
function clientTo(answer: (signal: AbortSignal) => Promise<Response>) {
  let requests = 0;
  const gates = { light: createRateGate(now), heavy: createRateGate(now) };
  const client = createClient({
    server: "https://platform.example.com",
    broker: { token: async () => "token", reject: () => {}, server: async () => "https://platform.example.com" },
    gates,
    fetch: async (_url, init) => {
      requests++;
      return answer(init?.signal ?? new AbortController().signal);
    },
    now,
    sleep: async () => {},
    onAnswer: () => {},
  });
  return { client, requests: () => requests };
}

/** Ends with an error when it is told to, as fetch does. */
function never(signal: AbortSignal): Promise<Response> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
}

test("headers that do not come within 30 seconds count as a fault: tried again, then a pause", async () => {
  const { client, requests } = clientTo(never);
  const began = Date.now();

  const pausing = pauseOf(client.getText("/restapi", { group: "light" }));
  await vi.advanceTimersByTimeAsync(4 * 30_000);

  expect((await pausing).reason).toBe("fault");
  expect(requests()).toBe(4);
  expect(Date.now() - began).toBe(120_000);
});

test("a body that stalls for 30 seconds counts as a fault, and the next try may bring it whole", async () => {
  const answers = [stalled(), new Response("{}")];
  const { client, requests } = clientTo(async () => answers.shift() ?? new Response(null, { status: 500 }));

  const text = client.getText("/restapi", { group: "light" });
  await vi.advanceTimersByTimeAsync(30_000);

  expect([await text, requests()]).toEqual(["{}", 2]);
});

test("a body that comes slowly but steadily has no limit of time", async () => {
  const slow = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      await new Promise((resolve) => setTimeout(resolve, 29_000));
      if (Date.now() - began > 300_000) controller.close();
      else controller.enqueue(chunk);
    },
  });
  const began = Date.now();

  const text = bodyText(new Response(slow), 1_000);
  await vi.advanceTimersByTimeAsync(400_000);

  expect((await text).length).toBe(chunk.length * 10);
});

describe("a body", () => {
  test("longer than the limit is given up before it is read to its end", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled++;
        controller.enqueue(chunk);
      },
    });

    const error = await errorOf(bodyText(new Response(endless), 80));

    expect(error).toBeInstanceOf(BodyFault);
    expect(pulled).toBeLessThan(20);
  });

  test("that its reader leaves is let go of, so that its connection is not held", async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(chunk),
      cancel: () => {
        cancelled = true;
      },
    });

    for await (const _chunk of bodyChunks(new Response(endless))) break;

    expect(cancelled).toBe(true);
  });

  test("that is not there is empty", async () => {
    expect(await bodyText(new Response(null), 10)).toBe("");
  });
});
