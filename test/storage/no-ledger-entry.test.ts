import { describe, expect, test } from "vitest";
import { toBody } from "../../shared/aws/bucket.ts";
import { aggregateKeys } from "../../shared/core/object-keys.ts";
import { hourMs } from "../../shared/core/time/days.ts";
import { JobError } from "../../shared/errors.ts";
import { jobErrorOf } from "../support/ringcentral/open-client.ts";
import { account, addToLedger, openArchive } from "../support/storage/archive-world.ts";
import { beforeNextEntry, expectChain, readLedger, readLedgerManifests } from "../support/storage/read-ledger.ts";

const [first, second] = ["2026-11-01", "2026-11-02"] as const;

describe("no ledger entry is written", () => {
  test("if nothing was ever archived", async () => {
    const world = await openArchive();

    expect(await addToLedger(world.services("run"))).toBeUndefined();
    expect(await readLedger(world)).toEqual([]);
  });

  test("if nothing has changed, at once or a night later", async () => {
    const world = await openArchive();
    await world.writeDay(first);
    await addToLedger(world.services("run 1"));

    const atOnce = await addToLedger(world.services("run 2"));
    world.clock.advance(24 * hourMs);
    const later = await addToLedger(world.services("run 3"));

    expect([atOnce, later, (await readLedger(world)).length]).toEqual([undefined, undefined, 1]);
  });

  test("if another run has added everything in between", async () => {
    const world = await openArchive();
    await world.writeDay(first);
    const archive = beforeNextEntry(world.archive, () => addToLedger(world.services("other")));

    expect(await addToLedger(world.services("run", { archive }))).toBeUndefined();
    expect((await readLedger(world)).map(({ entry }) => entry.run)).toEqual(["other"]);
  });

  test.each([
    ["no JSON", "{"],
    ["another thing", '{"schema":"nightshift/ledger-entry/1","number":1}'],
    ["nothing", ""],
  ])("if the last entry holds %s, and the error names it", async (_what, text) => {
    const world = await openArchive();
    await world.writeDay(first);
    const key = aggregateKeys.calls.ledgerEntry(account, 1);
    await world.archive.put(key, toBody(text), "application/json");

    const error = await jobErrorOf(addToLedger(world.services("run")));

    expect(error).toMatchObject({ code: "STORAGE_INVALID", retryable: false, details: { key } });
    expect((await world.archive.get(key))?.body.toString()).toBe(text);
  });

  test("if it cannot be signed, and the next run adds its manifests", async () => {
    const world = await openArchive();
    const sha256 = await world.writeDay(first);
    const sign = async () => {
      throw new JobError("SIGNING_FAILED", "no key");
    };

    const error = await jobErrorOf(addToLedger(world.services("run 1", { sign })));
    await addToLedger(world.services("run 2", { sign: async () => "signed" }));

    expect(error.code).toBe("SIGNING_FAILED");
    expect(await readLedgerManifests(world)).toEqual([[`${first} ${sha256}`]]);
  });

  test("if others keep writing, and the next run may try", async () => {
    const world = await openArchive();
    await world.writeDay(first);
    const others = async () => {
      await addToLedger(world.services("other"));
      await world.writeDay(second);
    };
    const archive = beforeNextEntry(world.archive, others, 99);

    const error = await jobErrorOf(addToLedger(world.services("run", { archive })));

    expect(error).toMatchObject({ code: "STORAGE_FAILED", retryable: true });
    await expectChain(world);
  });
});
