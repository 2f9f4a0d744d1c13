import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LedgerEntry, ledgerText, signedText } from "../../shared/core/ledger.ts";

const manifest = fc.record({
  day: fc.string(),
  revision: fc.nat(),
  bytes: fc.nat(),
  sha256: fc.string({ unit: "grapheme" }),
});
const entries: fc.Arbitrary<LedgerEntry> = fc.record(
  {
    schema: fc.constant("nightshift/ledger-entry/1" as const),
    account: fc.string({ unit: "grapheme" }),
    number: fc.integer({ min: 1 }),
    previousSha256: fc.string(),
    run: fc.string({ unit: "grapheme" }),
    at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    manifests: fc.array(manifest, { maxLength: 3 }),
    nonce: fc.string(),
  },
  { requiredKeys: ["schema", "account", "number", "run", "at", "manifests", "nonce"] },
);
const read = (text: string) => LedgerEntry.parse(JSON.parse(text));

describe("the schema rejects an invalid entry:", () => {
  const [entry] = fc.sample(entries, 1);

  test.each([
    ["of another schema", { schema: "nightshift/ledger-entry/2" }],
    ["with the number nought", { number: 0 }],
    ["with half a number", { number: 1.5 }],
    ["without its manifests", { manifests: undefined }],
    ["with a manifest of a revision below nought", { manifests: [{ day: "d", revision: -1, bytes: 1, sha256: "x" }] }],
    ["without a nonce", { nonce: undefined }],
  ])("%s", (_what, invalid) => {
    expect(LedgerEntry.safeParse(entry).success).toBe(true);
    expect(LedgerEntry.safeParse({ ...entry, ...invalid }).success).toBe(false);
  });
});

test("the signed text is the same after the entry is read again, and has neither signature nor line end", () => {
  fc.assert(
    fc.property(entries, fc.string(), (entry, signature) => {
      const signed = signedText(entry);

      expect(signedText(read(ledgerText({ ...entry, signature })))).toBe(signed);
      expect(signedText(read(ledgerText(entry)))).toBe(signed);
      expect(JSON.parse(signed)).toEqual(entry);
    }),
  );
});

test("an entry is written with the same bytes from which it was read", () => {
  fc.assert(
    fc.property(entries, fc.option(fc.string(), { nil: undefined }), (entry, signature) => {
      const text = ledgerText({ ...entry, ...(signature !== undefined && { signature }) });

      expect(ledgerText(read(text))).toBe(text);
      expect(text.indexOf("\n")).toBe(text.length - 1);
    }),
  );
});

test("another entry is signed as another text", () => {
  fc.assert(
    fc.property(entries, entries, (one, other) => {
      expect(signedText(one) === signedText(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
  );
});
