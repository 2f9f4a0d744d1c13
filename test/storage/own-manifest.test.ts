import { describe, expect, test } from "vitest";
import { bytesBody } from "../../shared/aws/bucket.ts";
import { bookKeys } from "../../shared/core/object-keys.ts";
import { readDayState } from "../../shared/storage/manifest-file.ts";
import { writeLedger } from "../../shared/storage/write-ledger.ts";
import { type ArchiveWorld, account, openArchive, sha256Of } from "./archive-world.ts";

const day = "2026-11-01";
const key = bookKeys.calls.manifest(account, day);
const readDay = (world: ArchiveWorld) => readDayState({ ...world.services("run"), account }, day);

/** Puts another manifest in the day's place, as somebody may who can write the archive bucket. */
async function edit({ archive }: ArchiveWorld, change: (manifest: Record<string, unknown>) => object): Promise<void> {
  const manifest = JSON.parse((await archive.get(key))?.body.toString() ?? "{}");
  await archive.put(key, bytesBody(JSON.stringify({ ...manifest, ...change(manifest) })), "application/json");
}

describe("no run goes on from a manifest that none has written", () => {
  test("be it edited, or edited so that it looks like the next revision", async () => {
    const world = await openArchive();
    const written = await world.writeDay(day);
    await edit(world, () => ({ vanished: ["forged"] }));
    await expect(readDay(world)).rejects.toMatchObject({ code: "STORAGE_UNEXPECTED", details: { key } });

    await edit(world, ({ revision }) => ({ revision: Number(revision) + 1, previous: written }));

    await expect(readDay(world)).rejects.toMatchObject({ code: "STORAGE_UNEXPECTED", details: { key } });
  });

  test("but from its own it does, also where the state bucket is lost and only the ledger knows", async () => {
    const world = await openArchive();
    const sha256 = await world.writeDay(day);
    await writeLedger(world.services("run"), account);
    expect((await readDay(world)).manifest.revision).toBe(1);
    const text = (await world.archive.get(key))?.body.toString() ?? "";
    expect(sha256Of(text)).toBe(sha256);
    const { head } = world.state;
    const withoutNotes = {
      ...world.state,
      head: async (asked: string) =>
        asked === bookKeys.calls.written(account, day, 1, sha256) ? undefined : head(asked),
    };

    const state = await readDayState({ ...world.services("run", { state: withoutNotes }), account }, day);

    expect(state.manifest.revision).toBe(1);
  });
});
