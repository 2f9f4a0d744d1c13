import { expect, test } from "vitest";
import type { CallManifest } from "../../shared/core/calls/call-manifest.ts";
import { reduceCallManifest } from "../../shared/core/calls/reduce-call-manifest.ts";
import { tableText } from "../../shared/query/table-text.ts";
import { empty, listed, rules, stored } from "../../test/support/core/day-events.ts";
import { dayLines, totalLines, verificationLines } from "./summary.ts";

const folder = "archive/lab/nightshift-archive";
const open: CallManifest = { ...empty, openReasons: ["listing-not-settled", "recordings-pending"] };
const closed = reduceCallManifest(empty, [listed(25, ["a"]), listed(32, ["a"]), stored("a")], rules);
const manifests = { [open.day]: open, "2026-11-02": { ...closed, day: "2026-11-02" } };

test("a day's row says whether it is closed, and each reason is explained once below", () => {
  const lines = dayLines({ ...manifests, "2026-11-03": { ...open, day: "2026-11-03" } });

  expect(lines[1]).toMatch(/2026-11-01 .* open: listing-not-settled/);
  expect(lines[2]).toMatch(/2026-11-02 .* closed$/);
  expect(lines.filter((line) => line === "  listing-not-settled:")).toHaveLength(1);
  expect(lines.join("\n")).toContain("recordings-pending:\n    some of its recordings are not fetched yet.");
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test("the totals say where the archive is, and name files in it", () => {
  const lines = totalLines({ "2026-11-02": { ...closed, account: "37439510" } }, folder);

  expect(lines).toContain(`  The archive is in ${folder}/`);
  expect(lines.join("\n")).toMatch(
    /calls\.jsonl\.gz +its raw records\n +manifests\/account=37439510\/\S+ +its manifest/,
  );
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test("a verification says what it read and what it found", () => {
  const verification = { entries: 2, objects: 316, head: { number: 2, sha256: "x".repeat(44) } };
  const lines = (findings: Parameters<typeof verificationLines>[0]["findings"]) =>
    verificationLines({ verification, findings } as Parameters<typeof verificationLines>[0]);

  expect(lines([])[0]).toBe("  Verified every byte of 316 objects, and 2 ledger entries: nothing is wrong.");
  expect(lines([]).at(-1)).toBe(`    2:${"x".repeat(44)}`);
  expect(lines([]).filter((line) => line.length > 80)).toEqual([]);
  expect(lines([{ code: "object-missing", key: "calls/x", detail: "is missing" }]).join("\n")).toContain(
    "findings: 1\n    object-missing  calls/x  is missing",
  );
});

test("a query's rows are all shown, or their number is", () => {
  const rows = [1, 2, 3].map((calls) => ({ calls }));

  expect(tableText(rows, 3)).toBe("calls\n1\n2\n3");
  expect(tableText(rows, 1)).toBe("calls\n1\n… and 2 more rows");
});
