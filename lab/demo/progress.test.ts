import { expect, test } from "vitest";
import { enterFastWorld } from "../../test/support/enter-fast-world.ts";
import { after, createDisplay, noProgress, parseLogLine, screenLines, secondsToGo } from "./progress.ts";

const line = (message: string, facts: Readonly<Record<string, unknown>> & { readonly day?: string }) => ({
  message,
  facts,
});
const day = "2026-11-03";

test("what is no line of a log is passed over", () => {
  expect([parseLogLine(""), parseLogLine("{"), parseLogLine('{"_aws":{}}')]).toEqual([undefined, undefined, undefined]);
});

test("nothing is said of the time to go before RingCentral's limit is known", () => {
  expect(secondsToGo(after(noProgress, line("recordings planned", { due: 30 })))).toBeUndefined();
});

test("recordings add up by day, and the time to go is the windows that are left", () => {
  const listed = after(noProgress, line("day listed", { day, calls: 40, recordings: 30 }));
  const fetched = { day, stored: 10, bytes: 1_000_000, tried: 10, planned: 30, perWindow: 10, windowSeconds: 60 };

  const progress = after(after(listed, line("recordings fetched", fetched)), line("recordings fetched", fetched));

  expect(progress.days.get(day)).toMatchObject({ calls: 40, stored: 20, bytes: 2_000_000 });
  expect(secondsToGo(progress)).toBe(60);
  expect(screenLines(progress).join("\n")).toMatch(
    /20 of {3}30 recordings .* 2\.0 MB.*20 of 30 recordings fetched .* about 60 s to go/s,
  );
});

test("the log of a run is shown line by line: what was listed, what was stored, and why a day is open", async () => {
  const world = await enterFastWorld({ account: { calls: { perDay: 8 } } });
  const { logged } = await world.run("archive-calls");
  const shown: string[] = [];
  const output = { isTTY: false, write: (text: string) => shown.push(text) } as unknown as NodeJS.WriteStream;

  const display = createDisplay(output);
  for (const each of logged) display.log(each);

  const text = shown.join("");
  expect(text).toMatch(/2026-11-03 {2}8 calls listed, \d+ recordings/);
  expect(text).toMatch(/2026-11-03 {2}(\d+) of \1 recordings stored/);
  expect(text).toMatch(/2026-11-03 {2}open: listing-not-settled/);
  expect(text).not.toMatch(/undefined|NaN/);
});
