import { describe, expect, test } from "vitest";
import { type Bucket, toBody } from "../../../shared/aws/bucket.ts";
import { archiveKeys } from "../../../shared/core/object-keys.ts";
import { fetchRecording } from "../../../shared/jobs/archive-calls/fetch-recording.ts";
import type { ArchiveServices } from "../../../shared/jobs/archive-calls/services.ts";
import { jobErrorOf } from "../../support/ringcentral/open-client.ts";
import { clientTo, server } from "../../support/ringcentral/scripted-client.ts";
import { account, openArchive } from "../../support/storage/archive-world.ts";
import { memoryBucket } from "../../support/storage/memory-bucket.ts";

const due = { day: "2026-11-01", id: "r", contentUri: `${server}/restapi/v1.0/account/~/recording/r/content` };

const pace = { begin: () => {}, sawLength: () => {} };

async function openFetch(body: Uint8Array<ArrayBuffer>) {
  const world = await openArchive();
  const headers = { "content-type": "audio/mpeg", "content-length": String(body.length) };
  const { client } = clientTo(() => new Response(body, { headers }));
  const signs: string[] = [];
  const succeeded = () => void signs.push("succeeded");
  const keys = async () => {
    const found: string[] = [];
    for await (const { key } of world.archive.list("recordings/")) found.push(key);
    return found;
  };
  const fetching = fetchRecording(world.services("run", { client }), { account, due, succeeded, pace });
  return { fetching, keys, signs };
}

describe("a recording", () => {
  test("of some bytes is stored as audio, and counts as a success once it is stored", async () => {
    const { fetching, keys, signs } = await openFetch(new Uint8Array(3));

    expect(await fetching).toMatchObject({ type: "stored", id: "r", object: { bytes: 3 } });
    expect([await keys(), signs]).toEqual([[expect.any(String)], ["succeeded"]]);
  });

  test("of no bytes is never stored as audio, even if its length matches", async () => {
    const { fetching, keys, signs } = await openFetch(new Uint8Array(0));

    expect(await jobErrorOf(fetching)).toMatchObject({ code: "API_BAD_RESPONSE", details: { result: "empty" } });
    expect([await keys(), signs]).toEqual([[], []]);
  });
});

test("the manifest has the SHA-256 of a recording that is already stored, even if S3 has none, and that is no sign that RingCentral responds", async () => {
  const [day, id] = ["2026-11-02", "900"];
  const key = archiveKeys.recording("7", day, id, "mp3");
  const known = memoryBucket({ [key]: Buffer.from("audio") });
  const archive: Bucket = {
    ...known,
    head: async (of) => {
      const metadata = await known.head(of);
      return metadata && { ...metadata, sha256: undefined };
    },
  };
  const gate = { acquire: async () => {}, release: () => {} };
  const services = { archive, client: { gate: () => gate } } as unknown as ArchiveServices;
  const succeeded = () => {
    throw new Error("nothing new came");
  };

  const stored = { day, id, contentUri: "https://media.example.com/r" };
  const event = await fetchRecording(services, { account: "7", due: stored, succeeded, pace });

  expect(event).toMatchObject({ type: "stored", object: { key, bytes: 5, sha256: toBody("audio").sha256 } });
});
