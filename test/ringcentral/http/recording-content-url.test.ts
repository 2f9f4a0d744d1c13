import { expect, test } from "vitest";
import { openRecordingStream } from "../../../shared/ringcentral/endpoints/recording.ts";
import { isAllowed } from "../../../shared/ringcentral/http/allowed-hosts.ts";
import { recordingContentUrl } from "../../../shared/ringcentral/http/recording-content-url.ts";
import { openClient } from "../../support/ringcentral/open-client.ts";

const path = "/restapi/v1.0/account/~/recording/900/content";

test.each([
  ["https://platform.ringcentral.com", "https://media.ringcentral.com"],
  ["https://platform.ringcentral.biz", "https://media.ringcentral.biz"],
  ["https://platform.devtest.ringcentral.com", "https://media.devtest.ringcentral.com"],
  ["http://127.0.0.1:4000", "http://127.0.0.1:4000"],
])("a recording of %s is at %s, where a token may go", (server, media) => {
  const url = recordingContentUrl(server, "900");

  expect(url).toBe(`${media}${path}`);
  expect(isAllowed(new URL(url), server)).toBe(true);
});

test.each(["a/b", "..", "\ud800", "?x=", "#"])("an odd id (%j) never leaves RingCentral's media host", (id) => {
  expect(new URL(recordingContentUrl("https://platform.ringcentral.com", id)).origin).toBe(
    "https://media.ringcentral.com",
  );
});

test("a recording is requested by its path if RingCentral sent no URL", async () => {
  const recording = { id: "900", bytes: 1_000 };
  const plannedCalls = [{ id: "a", startTime: "2026-11-02T15:00:00Z", recording }];
  const { client } = await openClient({ account: { calls: { perDay: 0 }, plannedCalls } });
  await client.gate("heavy").acquire();

  const audio = await openRecordingStream(client, path);
  await audio.close();

  expect([audio.contentType, audio.bytes]).toEqual(["audio/mpeg", 1_000]);
});
