import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { labRefusal } from "./lab-refusal.ts";

const dir = mkdtempSync(join(tmpdir(), "nightshift-lab-"));
writeFileSync(join(dir, ".lab"), "");
afterAll(() => rmSync(dir, { recursive: true }));

test("what is neither nightshift nor tamper is refused with what there is", () => {
  for (const args of [[], ["status"]]) expect(labRefusal(args, dir)).toMatch(/^npm run lab -- nightshift/);
});

test("a kind of tampering that the lab does not know is refused with the kinds that there are", () => {
  for (const args of [["tamper"], ["tamper", "burn"], ["tamper", "add", "remove"]])
    expect(labRefusal(args, dir)).toContain("tamper <remove|replace|add|manifest>");
});

test("a credential is not stored in the lab, which says so", () => {
  const args = ["nightshift", "credential", "put", "rc.json", "--stack", "lab"];

  expect(labRefusal(args, dir)).toMatch(/^The lab keeps the credential of its own RingCentral, and stores no other: /);
});

test("a command of nightshift, a kind of tampering and help on credentials are not refused", () => {
  for (const args of [
    ["nightshift", "status"],
    ["tamper", "add"],
    ["nightshift", "credential", "--help"],
  ])
    expect(labRefusal(args, dir)).toBeUndefined();
});
