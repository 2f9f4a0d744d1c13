import { describe, expect, test } from "vitest";
import { ledgerText, signedText } from "../../shared/core/ledger.ts";
import { addToLedger, openArchive, sha256Of } from "../support/storage/archive-world.ts";
import { expectChain, readLedger } from "../support/storage/read-ledger.ts";

const [first, second, third] = ["2026-11-01", "2026-11-02", "2026-11-03"] as const;

describe("if an account signs,", () => {
  test("the signature covers exactly the entry without it, as it was written", async () => {
    const world = await openArchive();
    const signed: string[] = [];
    const sign = async (text: string) => {
      signed.push(text);
      return `signature of ${sha256Of(text)}`;
    };
    for (const day of [first, second]) {
      await world.writeDay(day);
      await addToLedger(world.services(`run of ${day}`, { sign }));
    }

    const entries = await readLedger(world);

    expect(entries.map(({ entry }) => signedText(entry))).toEqual(signed);
    for (const [n, { entry, text }] of entries.entries()) {
      const { signature, ...rest } = entry;
      expect(signature).toBe(`signature of ${sha256Of(signed[n] ?? "")}`);
      expect(text).toBe(ledgerText(entry));
      expect(JSON.parse(signed[n] ?? "")).toEqual(rest);
    }
    await expectChain(world);
  });

  test("the chain covers signatures too, and an entry without one is detected", async () => {
    const world = await openArchive();
    await world.writeDay(first);
    await addToLedger(world.services("run 1"));
    await world.writeDay(second);
    await addToLedger(world.services("run 2", { sign: async () => "signed" }));
    await world.writeDay(third);
    await addToLedger(world.services("run 3", { sign: async () => "signed" }));

    expect((await readLedger(world)).map(({ entry }) => entry.signature)).toEqual([undefined, "signed", "signed"]);
    await expectChain(world);
  });
});
