import fc from "fast-check";
import { expect, test } from "vitest";
import { isTimeZone } from "../../../shared/core/time/days.ts";
import { fetchAccount, fetchRecordingRetention } from "../../../shared/ringcentral/endpoints/account.ts";
import { fetchCallLogPage } from "../../../shared/ringcentral/endpoints/call-log.ts";
import { openRecordingStream } from "../../../shared/ringcentral/endpoints/recording.ts";
import type { Client } from "../../../shared/ringcentral/http/client.ts";
import { expectDocumented, expectPrototypesUntouched } from "../../support/ringcentral/documented-ends.ts";
import { type HostileResponse, hostileResponses } from "../../support/ringcentral/hostile-responses.ts";
import { clientTo, server } from "../../support/ringcentral/scripted-client.ts";

const start = Date.parse("2026-11-04T08:30:00Z");
const media = "https://media.example.com";
const timeouts = { headersMs: 4, idleMs: 3, textMs: 6, recordingMs: 8 };

/** Creates a client with these results in turn, again and again. */
function clientAmong(list: readonly HostileResponse[]) {
  let time = start;
  let turn = 0;
  const { client, requested } = clientTo((init) => list[turn++ % list.length]?.(init) ?? Response.error(), {
    timeouts,
    now: () => new Date(time),
    sleep: async (ms) => {
      time += ms;
    },
  });
  return { client, requested, now: () => time };
}

/** Creates the property that for any responses `work` ends as `isDocumented` says, or with a documented error, and no other host gets the token. */
function survives<T>(
  document: unknown,
  work: (client: Client) => Promise<T>,
  expectDocumentedValue: (value: T) => void,
  usual: Readonly<Record<string, string>> = {},
) {
  return fc.asyncProperty(
    fc.array(hostileResponses(document, { usual }), { minLength: 1, maxLength: 4 }),
    async (list) => {
      const { client, requested, now } = clientAmong(list);

      try {
        expectDocumentedValue(await work(client));
      } catch (error) {
        expectDocumented(error, now());
      }

      for (const { url } of requested) expect([server, media]).toContain(url.origin);
      expectPrototypesUntouched();
    },
  );
}

const budget = { numRuns: process.env.EVERY_CELL ? 200 : 100, timeout: 10_000 };

test("for any response, the account is read, or a documented error comes", async () => {
  const document = { id: "400", regionalSettings: { timezone: { name: "Europe/Berlin" } } };

  await fc.assert(
    survives(document, fetchAccount, ({ id, timeZone }) => {
      expect(id).toMatch(/^[\w-]{1,64}$/);
      expect(timeZone === undefined || isTimeZone(timeZone)).toBe(true);
    }),
    budget,
  );
});

test("for any response, retention is read as usable numbers, or a documented error comes", async () => {
  const document = {
    automatic: { retentionPeriod: 90, maxNumberLimit: 100_000 },
    onDemand: { retentionPeriod: 30, maxNumberLimit: 200 },
  };

  await fc.assert(
    survives(document, fetchRecordingRetention, ({ days = 1, daysToFetch, maxCount = 1 }) => {
      expect([days, daysToFetch, maxCount].map(Number.isInteger)).toEqual([true, true, true]);
      expect(days).toBeGreaterThanOrEqual(1);
      expect(days).toBeLessThanOrEqual(36_500);
    }),
    budget,
  );
});

test("for any response, a page of the call log is read, or a documented error comes", async () => {
  const recording = { id: "5", contentUri: `${media}/restapi/v1.0/account/1/recording/5/content` };
  const record = { id: "a", startTime: "2026-11-02T15:00:00Z", from: { name: "N", phoneNumber: "1" }, recording };
  const next = { uri: `${server}/restapi/v1.0/account/~/call-log?page=2` };
  const document = { records: [{ ...record, legs: [record] }], navigation: { nextPage: next } };

  await fc.assert(
    survives(
      document,
      (client) => fetchCallLogPage(client, "/restapi/v1.0/account/~/call-log"),
      ({ records, next }) => {
        expect(records.map(({ fields }) => typeof fields.id)).toEqual(records.map(() => "string"));
        expect(() => JSON.stringify(records.map(({ raw }) => raw))).not.toThrow();
        expect(next === undefined || URL.canParse(next)).toBe(true);
      },
    ),
    budget,
  );
});

test("for any response, a recording comes with its announced length, or a documented error comes", async () => {
  const read = async (client: Client) => {
    await client.gate("heavy").acquire();
    const { bytes, chunks, contentType, close } = await openRecordingStream(client, `${media}/recording/5/content`);
    expect(["audio/mpeg", "audio/wav"]).toContain(contentType);
    let received = 0;
    try {
      for await (const chunk of chunks) received += chunk.length;
    } finally {
      await close();
    }
    return { bytes, received };
  };

  const expectWhole = ({ bytes, received }: Awaited<ReturnType<typeof read>>) =>
    expect(bytes ?? received).toBe(received);
  await fc.assert(survives("0123456789", read, expectWhole, { "content-type": "audio/mpeg" }), budget);
});
