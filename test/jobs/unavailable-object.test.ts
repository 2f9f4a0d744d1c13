import { expect, test } from "vitest";
import { enterFastWorld } from "../support/enter-fast-world.ts";
import { accountOf, recordedCalls } from "../support/recorded-calls.ts";

const days = ["2026-11-01", "2026-11-02", "2026-11-03"] as const;

test("the last report that S3 answers with 500 each time keeps the next verification from nothing, nor the status", async () => {
  const world = await enterFastWorld({ account: accountOf(...recordedCalls(days[0], 2)) });
  await world.run("archive-calls");
  await world.run("verify-archive");
  world.clock.advance(24 * 3_600_000);
  const what = { status: 500, code: "InternalError" };
  world.aws.plan({
    on: { operation: "GetObject", key: /^verifications\/manifests.*2026-11-04/ },
    what,
    times: "always",
  });

  const verification = await world.run("verify-archive");
  const status = await world.run("report-status");

  expect([verification, status].map(({ report }) => report?.status)).toEqual(["finished", "finished"]);
  expect(verification.logged.filter((line) => line.includes("newest report unreadable"))).toHaveLength(1);
});

test.each([
  ["manifest", /^manifests\/.*2026-11-02/, "manifest-unreadable"],
  ["call log", /^calls\/.*2026-11-02.*jsonl/, "object-unreadable"],
])("a %s that S3 answers with 500 each time keeps no job from all other days, and verify names it", async (...row) => {
  const [, key, code] = row;
  const world = await enterFastWorld({ account: accountOf(...days.flatMap((day) => recordedCalls(day, 2))) });
  await world.run("archive-calls");
  const what = { status: 500, code: "InternalError" };
  world.aws.plan({ on: { operation: "GetObject", key }, what, times: "always" });

  const tables = await world.run("build-tables");
  const pages = await world.run("build-pages");
  const verification = await world.run("verify-archive", { request: { parts: 28 } });
  const status = await world.run("report-status");

  expect(tables.error).toMatchObject({ code: "DAYS_INCOMPLETE", message: expect.stringContaining("2026-11-02") });
  expect([pages, verification, status].map(({ report }) => report?.status)).toEqual(Array(3).fill("finished"));
  const built: string[] = [];
  for await (const { key: page } of world.derived.list("pages/")) built.push(page.replace(/.*\//, ""));
  expect(built).toEqual(expect.arrayContaining(["2026-11-01.html", "2026-11-03.html"]));
  expect(verification.logged.filter((line) => line.includes(code))).toHaveLength(1);
});
