import { describe, expect, test } from "vitest";
import { readAccount, readRecordingRetention } from "../../shared/ringcentral/account.ts";
import type { Client } from "../../shared/ringcentral/client.ts";
import { jobErrorOf, openClient } from "./open-client.ts";

/** A client to whom RingCentral answers `text`. */
const answering = (text: string) => ({ getText: async () => text }) as unknown as Client;

test("the account's id and time zone are read, though the id comes as a number", async () => {
  const { client } = await openClient({ account: { id: "400133137008", reportedTimeZone: "Asia/Kolkata" } });

  expect(await readAccount(client)).toEqual({ id: "400133137008", timeZone: "Asia/Kolkata" });
});

test("the shorter retention period holds", async () => {
  const { client } = await openClient({ account: { recordings: { retentionDays: 30, maxNumberLimit: 5_000 } } });

  expect(await readRecordingRetention(client)).toEqual({ days: 30, maxCount: 5_000 });
});

describe("where RingCentral does not say", () => {
  test("a time zone, there is none", async () => {
    expect(await readAccount(answering('{"id":7,"regionalSettings":{}}'))).toEqual({ id: "7", timeZone: undefined });
  });

  test("how long recordings are kept, it is the documented 90 days and 100,000", async () => {
    expect(await readRecordingRetention(answering("{}"))).toEqual({ days: 90, maxCount: 100_000 });
  });

  test("one of the two periods, the other holds", async () => {
    const settings = '{"onDemand":{"retentionPeriod":14},"automatic":{"enabled":true}}';

    expect(await readRecordingRetention(answering(settings))).toMatchObject({ days: 14 });
  });
});

test.each(["", "<html>", "[]", "{}", '{"id":null}', '{"id":12345678901234567890}'])(
  "an account of another form (%j) is refused, not guessed at",
  async (text) => {
    const error = await jobErrorOf(readAccount(answering(text)));

    expect(error).toMatchObject({ code: "API_UNEXPECTED", retryable: false });
  },
);
