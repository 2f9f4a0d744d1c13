import { describe, expect, test } from "vitest";
import { toBody } from "../../shared/aws/bucket.ts";
import { aggregateKeys } from "../../shared/core/object-keys.ts";
import { type ArchiveWorld, account, addToLedger, openArchive, sha256Of } from "../support/storage/archive-world.ts";
import { readLedger } from "../support/storage/read-ledger.ts";

const day = "2026-11-01";
const key = aggregateKeys.calls.manifest(account, day);
const readDay = (world: ArchiveWorld) => world.readDay(day);

/** Replaces the day's manifest, as anyone with write permission for the archive bucket may. */
async function edit({ archive }: ArchiveWorld, change: (manifest: Record<string, unknown>) => object): Promise<void> {
  const manifest = JSON.parse((await archive.get(key))?.body.toString() ?? "{}");
  await archive.put(key, toBody(JSON.stringify({ ...manifest, ...change(manifest) })), "application/json");
}

describe("a run builds on no manifest that no run has written,", () => {
  test("whether it was edited, or edited to look like the next revision", async () => {
    const world = await openArchive();
    const written = await world.writeDay(day);
    await edit(world, () => ({ vanished: ["forged"] }));
    await expect(readDay(world)).rejects.toMatchObject({ code: "STORAGE_INVALID", details: { key } });

    await edit(world, ({ revision }) => ({ revision: Number(revision) + 1, previousSha256: written }));

    await expect(readDay(world)).rejects.toMatchObject({ code: "STORAGE_INVALID", details: { key } });
  });

  test("even if a ledger entry contains it, because that may be forged, too", async () => {
    const world = await openArchive();
    await world.writeDay(day);
    await addToLedger(world.services("run"));
    await edit(world, ({ revision }) => ({ revision: Number(revision) + 1, vanished: ["forged"] }));
    const { body } = (await world.archive.get(key)) ?? { body: Buffer.from("") };
    const { entry } = (await readLedger(world))[0] ?? {};
    const manifests = [{ day, revision: 2, bytes: body.length, sha256: sha256Of(body.toString()) }];
    const forged = toBody(JSON.stringify({ ...entry, number: 2, manifests }));
    await world.archive.create(aggregateKeys.calls.ledgerEntry(account, 2), forged, "application/json");

    await expect(readDay(world)).rejects.toMatchObject({ code: "STORAGE_INVALID", details: { key } });
  });

  test("and on no older manifest that a later one has replaced", async () => {
    const world = await openArchive();
    await world.writeDay(day);
    const { body } = (await world.archive.get(key)) ?? { body: Buffer.from("") };
    await world.writeDay(day);
    await addToLedger(world.services("run"));
    await world.archive.put(key, toBody(body), "application/json");

    await expect(readDay(world)).rejects.toMatchObject({ code: "STORAGE_INVALID", details: { key } });
  });

  test("but on the stored one if a run was killed between the next one's write intent and its writing", async () => {
    const world = await openArchive();
    await world.writeDay(day);
    await addToLedger(world.services("run"));
    const next = aggregateKeys.calls.intent(account, day, 2, sha256Of("never intents"));
    await world.state.put(next, toBody("{}"), "application/json");

    expect((await readDay(world)).manifest.revision).toBe(1);
  });

  test("but on its own even if the state bucket is lost and only the ledger knows it", async () => {
    const world = await openArchive();
    const sha256 = await world.writeDay(day);
    await addToLedger(world.services("run"));
    expect((await readDay(world)).manifest.revision).toBe(1);
    const text = (await world.archive.get(key))?.body.toString() ?? "";
    expect(sha256Of(text)).toBe(sha256);
    const withoutNotes = { ...world.state, list: async function* () {} };

    const state = await world.services("run", { state: withoutNotes }).dayStore(account).read(day);

    expect(state.manifest.revision).toBe(1);
  });
});
