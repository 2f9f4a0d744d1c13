import { describe, expect, test } from "vitest";
import { fetchAccount, fetchRecordingRetention } from "../../../shared/ringcentral/endpoints/account.ts";
import type { Client } from "../../../shared/ringcentral/http/client.ts";
import { jobErrorOf, openClient } from "../../support/ringcentral/open-client.ts";

/** Creates a client to which RingCentral responds with `text`. */
const answering = (text: string) => ({ sendText: async () => text }) as unknown as Client;

const unsaid = { days: undefined, daysToFetch: 90, maxCount: undefined };

test("the account's id and time zone are read, even if the id comes as a number", async () => {
  const { client } = await openClient({ account: { id: "400133137008", reportedTimeZone: "Asia/Kolkata" } });

  expect(await fetchAccount(client)).toEqual({ id: "400133137008", timeZone: "Asia/Kolkata" });
});

test("retention is read as in the settings", async () => {
  const { client } = await openClient({ account: { recordings: { retentionDays: 30, maxNumberLimit: 5_000 } } });

  expect(await fetchRecordingRetention(client)).toEqual({ days: 30, daysToFetch: 30, maxCount: 5_000 });
});

describe("if RingCentral does not say", () => {
  test.each([
    '{"id":7}',
    '{"id":7,"regionalSettings":null}',
    '{"id":7,"regionalSettings":{}}',
    '{"id":7,"regionalSettings":{"timezone":null}}',
    '{"id":7,"regionalSettings":{"timezone":{"name":null}}}',
  ])("a time zone (%s), there is none", async (account) => {
    expect(await fetchAccount(answering(account))).toEqual({ id: "7", timeZone: undefined });
  });

  test.each([
    "{}",
    '{"automatic":null,"onDemand":null}',
    '{"automatic":{"retentionPeriod":null,"maxNumberLimit":null},"onDemand":{"retentionPeriod":null}}',
  ])("how long recordings are kept (%s), nothing is given up, and 90 days are assumed", async (settings) => {
    expect(await fetchRecordingRetention(answering(settings))).toEqual(unsaid);
  });

  test("one of the two periods, its default is used, and nothing is given up early", async () => {
    const settings = '{"onDemand":{"retentionPeriod":14},"automatic":{"enabled":true}}';

    expect(await fetchRecordingRetention(answering(settings))).toMatchObject({ days: 90, daysToFetch: 14 });
  });

  test("that both periods are the same, the longer gives up and the shorter hurries", async () => {
    const settings = '{"onDemand":{"retentionPeriod":30},"automatic":{"retentionPeriod":90}}';

    expect(await fetchRecordingRetention(answering(settings))).toMatchObject({ days: 90, daysToFetch: 30 });
  });
});

test.each(["0", "-5", "1.5", "1e300", "36501", '"90"', "[]"])(
  "a retention period out of range (%s) counts as missing",
  async (days) => {
    const settings = `{"automatic":{"retentionPeriod":${days}},"onDemand":{}}`;

    expect(await fetchRecordingRetention(answering(settings))).toEqual(unsaid);
  },
);

test.each(["+16505550100 is my number", "", "Mars/Olympus"])(
  "an invalid time zone (%j) is not returned",
  async (name) => {
    const account = JSON.stringify({ id: 7, regionalSettings: { timezone: { name } } });

    expect(await fetchAccount(answering(account))).toEqual({ id: "7", timeZone: undefined });
  },
);

test.each([
  "",
  "<html>",
  "[]",
  "{}",
  '{"id":null}',
  '{"id":12345678901234567890}',
  '{"id":""}',
  '{"id":"../x"}',
  '{"id":1.5}',
])("an account of another form (%j) is refused", async (text) => {
  const error = await jobErrorOf(fetchAccount(answering(text)));

  expect(error).toMatchObject({ code: "API_BAD_RESPONSE", retryable: false });
});
