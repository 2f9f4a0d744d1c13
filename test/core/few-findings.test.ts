import { describe, expect, test } from "vitest";
import { createFewFindings } from "../../shared/core/few-findings.ts";
import { finding } from "../../shared/core/finding.ts";

const longest = finding("object-unexpected", "ü".repeat(512), "no job writes an object of this name");
const short = finding("object-changed", "a", "its bytes have another SHA-256");

describe("a list of a few findings", () => {
  test("keeps them whole and in order, and counts them", () => {
    const few = createFewFindings([short], 1);
    few.add([longest, short]);

    expect([few.kept(), few.count()]).toEqual([[short, longest, short], 3]);
  });

  test("stays below 64 kB with the longest keys, whether they come at once or one by one, and counts all", () => {
    const many = Array.from({ length: 1_000 }, () => longest);
    const [atOnce, oneByOne] = [createFewFindings(), createFewFindings()];
    atOnce.add(many);
    for (const each of many) oneByOne.add([each]);

    for (const few of [atOnce, oneByOne]) {
      expect(few.count()).toBe(1_000);
      expect(few.kept().length).toBeGreaterThan(50);
      expect(Buffer.byteLength(JSON.stringify(few.kept()))).toBeLessThanOrEqual(64_001);
    }
  });

  test("that was full keeps nothing more after a continuation, so that its order is true", () => {
    const full = createFewFindings();
    full.add(Array.from({ length: 100 }, () => longest));
    const later = createFewFindings(full.kept(), full.count());
    later.add([short]);

    expect(later.kept()).toEqual(full.kept());
    expect(later.count()).toBe(101);
  });
});
