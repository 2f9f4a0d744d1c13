import { expect, test } from "vitest";
import { fetchRecording } from "../../shared/archive/fetch-recording.ts";
import type { ArchiveServices } from "../../shared/archive/services.ts";
import { type Bucket, bytesBody } from "../../shared/aws/bucket.ts";
import { archiveKeys } from "../../shared/core/object-keys.ts";
import { memoryBucket } from "../storage/memory-bucket.ts";

test("the manifest names the SHA-256 of a recording that is stored already, even if S3 keeps none", async () => {
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
  const gate = { admit: async () => {}, giveBack: () => {} };
  const services = { archive, client: { gate: () => gate } } as unknown as ArchiveServices;

  const due = { day, id, contentUri: "https://media.example.com/r" };
  const event = await fetchRecording(services, { account: "7", due, succeeded: () => {} });

  expect(event).toMatchObject({ is: "stored", object: { key, bytes: 5, sha256: bytesBody("audio").sha256 } });
});
