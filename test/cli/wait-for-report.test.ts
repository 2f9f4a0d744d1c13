import { expect, test } from "vitest";
import type { Shell } from "../../cli/shell.ts";
import { waitForReport } from "../../cli/wait-for-report.ts";
import type { AccessReport } from "../../shared/core/access/access-line.ts";

const report: AccessReport = {
  schema: "nightshift/access-report/1",
  run: "check",
  at: "2026-11-04T08:00:00Z",
  lines: [],
};

/** Waits for a report that is stored after some looks, and returns it with what a person sees meanwhile. */
async function waitOnTerminal(looksBefore: number) {
  let [err, waitedMs, looks] = ["", 0, 0];
  const body = Buffer.from(JSON.stringify(report));
  const state = {
    get: async () => (++looks > looksBefore ? { body, etag: "1", lastModified: new Date(0) } : undefined),
  };
  const shell: Shell = {
    ...{ isTerminal: true, interrupted: new AbortController().signal, readInput: async () => "" },
    ...{ write: () => {}, deferInterrupt: (work) => work() },
    writeError: (text) => {
      err += text;
    },
    pause: async (ms) => {
      waitedMs += ms;
    },
  };
  const services = { state, functions: { readHistory: async () => ({ events: [], hasMore: false }) } };
  const started = { run: "check", execution: undefined, given: "lab" };
  const found = await waitForReport(services, started, { shell, json: false });
  return { found, err, waitedMs };
}

test("a terminal shows how long a check has been going on, and nothing of it at the end", async () => {
  const { found, err, waitedMs } = await waitOnTerminal(2);

  const line = "\r\u001b[2K";
  const shown = [0, 2, 4].map((seconds) => `${line}checking: ${seconds} of at most 180 s`).join("");
  expect(found).toEqual(report);
  expect(err).toBe(`${shown}${line}`);
  expect(waitedMs).toBe(4_000);
});
