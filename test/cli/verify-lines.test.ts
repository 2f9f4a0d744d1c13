import { expect, test } from "vitest";
import { aggregateLines } from "../../cli/verify-lines.ts";
import { dayCounts } from "../../shared/audit/verify-counts.ts";

const head = { number: 7, sha256: "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=" };
const checked = { ...dayCounts(), entries: 7, signedUpTo: 0, head };
const ofAggregate = (aggregate: string) => aggregateLines({ ...checked, aggregate }, "7").join("\n");

test("what a later version keeps is shown by its own name, without an option that this version lacks", () => {
  const text = ofAggregate("extensions");

  expect(text).toMatch(/^Nothing is wrong in the extensions of 7:\n/);
  expect(text).toContain(`\nhead of the ledger: 7:${head.sha256}`);
});

test("each aggregate has its title, and the head of its ledger the option that takes it", () => {
  const texts = ["calls", "analytics", "verifications"].map(ofAggregate);

  expect(texts.map((text) => text.split(" of 7:")[0])).toEqual([
    "Nothing is wrong in the archive",
    "Nothing is wrong in the analytics",
    "Nothing is wrong in the reports",
  ]);
  expect(texts.map((text) => /head of the ledger(.*): 7:/.exec(text)?.[1])).toEqual([
    "",
    ", for --analytics-anchor",
    ", for --verifications-anchor",
  ]);
});
