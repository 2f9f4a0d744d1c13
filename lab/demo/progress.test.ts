import { expect, test } from "vitest";
import { Env } from "../../shared/contract.ts";
import { smallAccount } from "../../test/support/collect-analytics/small-account.ts";
import { enterFastWorld } from "../../test/support/enter-fast-world.ts";
import { createDisplay } from "./display.ts";
import { after, noProgress, parseLogLine, screenLines, secondsToGo } from "./progress.ts";

const line = (message: string, facts: Readonly<Record<string, unknown>> & { readonly day?: string }) => ({
  message,
  facts,
});
const day = "2026-11-03";

test("a line that is not of a log is skipped", () => {
  expect([parseLogLine(""), parseLogLine("{"), parseLogLine('{"_aws":{}}')]).toEqual([undefined, undefined, undefined]);
});

test("the remaining time is not shown before RingCentral's rate limit is known", () => {
  expect(secondsToGo(after(noProgress, line("recordings planned", { due: 30 })))).toBeUndefined();
});

test("recordings add up by day, and the remaining time is that of the remaining windows", () => {
  const listed = after(noProgress, line("day listed", { day, calls: 40, recordings: 30 }));
  const fetched = { day, stored: 10, bytes: 1_000_000, attempted: 10, planned: 30, perWindow: 10, windowSeconds: 60 };

  const progress = after(after(listed, line("recordings fetched", fetched)), line("recordings fetched", fetched));

  expect(progress.days.get(day)).toMatchObject({ calls: 40, stored: 20, bytes: 2_000_000 });
  expect(secondsToGo(progress)).toBe(60);
  expect(screenLines(progress).join("\n")).toMatch(
    /20 of {4}30 recordings .* 2\.0 MB.*20 of 30 recordings fetched, about 1 minute to go/s,
  );
});

test("a screen of 80 columns shows each line of a large company whole", () => {
  const days = new Map([
    [day, { calls: 98_765, recordings: 45_678, stored: 12_345, bytes: 12_345_600_000, status: "closed" }],
  ]);
  const progress = { days, decided: 12_345, planned: 45_678, perWindow: 60, windowSeconds: 60 };

  const lines = screenLines(progress);

  expect(lines.join("\n")).toContain("12345 of 45678 recordings");
  expect(lines.join("\n")).toContain("closed");
  expect(lines.filter((each) => each.length > 80)).toEqual([]);
});

/** A display, and what it has written. */
function shownBy({ isTTY = false, now }: { readonly isTTY?: boolean; readonly now?: () => number } = {}) {
  const shown: string[] = [];
  const output = { isTTY, columns: isTTY ? 80 : undefined, write: (text: string) => shown.push(text) };
  return {
    display: createDisplay(output as unknown as NodeJS.WriteStream, now),
    text: () => shown.join(""),
    lines: () => shown.join("").split("\n"),
  };
}

test("a pipe gets plain lines of at most 80 columns: what was listed and stored, and why a day is open", async () => {
  const world = await enterFastWorld({ account: { calls: { perDay: 8 } } });
  const { logged } = await world.run("archive-calls");
  const { display, text, lines } = shownBy();

  for (const each of logged) display.log("archive-calls", each);

  expect(text()).toMatch(/2026-11-03 {2}8 calls, \d+ recordings/);
  expect(text()).toMatch(/RingCentral allows \d+ requests per \d+ s\. Each recording takes one\./);
  expect(text()).toMatch(/2026-11-03 {2}(\d+) of \1 recordings, .* MB; in all \d+ of \d+/);
  expect(text()).toMatch(/2026-11-03 {2}open: listing-not-settled/);
  expect(text()).not.toMatch(/undefined|NaN/);
  expect(lines().filter((each) => each.length > 80)).toEqual([]);
});

test("a terminal of 80 columns is not cut: each row ends with the day's state", async () => {
  const world = await enterFastWorld({ account: { calls: { perDay: 8 } } });
  const { logged } = await world.run("archive-calls");
  const { display, lines } = shownBy({ isTTY: true });

  for (const each of logged) display.log("archive-calls", each);

  expect(lines().filter((each) => / recordings .* MB open$/.test(each)).length).toBeGreaterThan(0);
  const rows = lines().map((each) => each.slice(each.indexOf("  ")));
  expect(rows.filter((each) => each.length >= 80)).toEqual([]);
});

test("on the second night a day's stored recordings include those of the first", () => {
  const { display, text } = shownBy();
  const log = (...args: Parameters<typeof line>) => display.log("archive-calls", JSON.stringify(line(...args)));
  log("day status", { day, records: 9, recordings: 4, stored: 4, bytes: 4_000_000, status: "open", openReasons: [] });

  display.startAnew();
  log("day listed", { day, calls: 10, recordings: 5 });
  log("recordings fetched", { day, stored: 1, bytes: 1_000_000, planned: 1 });

  expect(text()).toContain(`  ${day}  5 of 5 recordings, 5.0 MB; `);
});

test("every job shows progress: its longer steps, and each day that it has done", async () => {
  const world = await enterFastWorld({ account: smallAccount });
  await world.run("archive-calls");
  const { display, text, lines } = shownBy();

  for (const job of ["collect-analytics", "build-tables"] as const) {
    const onStep = (name: string, when: string) => (when === "begins" ? display.step(job, name) : undefined);
    const { logged } = await world.run(job, { onStep, environment: { [Env.analyticsGroups]: "Company" } });
    for (const each of logged) display.log(job, each);
  }

  expect(text()).toContain("  collect-analytics: fetching values\n");
  expect(text()).toContain("  collect-analytics: storing fetched values, if any\n");
  expect(text()).toMatch(/ {2}\d+ days, \d+ queries\n/);
  expect(text()).toMatch(/2026-11-03 {2}open: may-change\n/);
  expect(text()).toContain("  build-tables: building the tables of each day\n");
  expect(text()).toContain("  2026-11-03  5 tables\n");
  expect(lines().filter((each) => each.length > 80)).toEqual([]);
});

test("a step that takes long is named again after a while, and its further slices are not", () => {
  let time = 0;
  const { display, text } = shownBy({ now: () => time });
  display.heartbeat(10_000);
  display.step("collect-analytics", "store");
  display.step("collect-analytics", "store");
  time = 9_000;
  display.heartbeat(10_000);
  time = 20_000;
  display.heartbeat(10_000);
  display.step("collect-analytics", "gauges");
  time = 30_000;
  display.heartbeat(10_000);

  expect(text()).toBe(
    [
      "  collect-analytics: storing fetched values, if any",
      "  still collect-analytics: storing fetched values, if any",
      '  still collect-analytics: at its step "gauges"',
      "",
    ].join("\n"),
  );
});

test("the sentence of the status is shown, because it says what all of it came to", () => {
  const { display, text } = shownBy();

  display.log("report-status", JSON.stringify(line("status", { sentence: "Complete to 2 Nov; nothing to do." })));

  expect(text()).toBe("  Complete to 2 Nov; nothing to do.\n");
});

test("an error of any job is shown in words, and the same instruction only once", () => {
  const { display, text } = shownBy();
  const facts = { day, code: "STORAGE_FAILED", message: "PutObject answered 403", hint: "Compare the role." };
  const log = (of: string) =>
    display.log(
      "build-tables",
      JSON.stringify({ ...line("table building failed", { ...facts, day: of }), level: "ERROR" }),
    );

  log(day);
  log("2026-11-04");

  expect(text()).toBe(
    [
      `  build-tables: table building failed ${day}, STORAGE_FAILED`,
      "    PutObject answered 403. Compare the role.",
      "  build-tables: table building failed 2026-11-04, STORAGE_FAILED",
      "",
    ].join("\n"),
  );
});

test("what is done besides the jobs is said if it takes long", () => {
  let time = 0;
  const { display, text } = shownBy({ now: () => time });

  display.doing("verifying every byte of the archive");
  time = 4_000;
  display.heartbeat(4_000);

  expect(text()).toBe("  still verifying every byte of the archive\n");
});

test.each([40, 80, 120])("a screen of %i columns shows each line whole, and what is done of each day", (columns) => {
  const days = new Map([
    [day, { calls: 9_876, recordings: 4_567, stored: 1_234, bytes: 12_345_600, status: "closed" }],
  ]);
  const progress = { days, decided: 12_345, planned: 45_678, perWindow: 60, windowSeconds: 60 };

  const lines = screenLines(progress, columns);

  expect(lines.filter((each) => each.length > columns)).toEqual([]);
  expect(lines[0]).toMatch(new RegExp(`${day}.*1234.*4567.*closed`));
  expect(lines.join("\n")).toContain("about 9 hours 16 minutes to go");
});

test("the remaining time is rounded up, so that it is never 0 while recordings are left", () => {
  const progress = { ...noProgress, planned: 41, decided: 40, perWindow: 40, windowSeconds: 2 };

  expect(screenLines(progress).join("\n")).toContain("about 2 s to go");
});
