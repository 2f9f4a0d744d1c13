import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { JobError } from "../../shared/errors.ts";
import type { RunStatus } from "../../shared/runtime/job.ts";
import { createJobReporter } from "../../shared/wiring/job-reporter.ts";
import { defaultOutside } from "../../shared/wiring/outside.ts";

const run = { name: "archive-calls-20261104T083000Z", manual: false };
const seconds = Date.parse("2026-11-04T09:00:00Z") / 1000;
const lines: Record<string, unknown>[] = [];

beforeEach(() => {
  lines.length = 0;
  vi.useFakeTimers({ now: seconds * 1000 + 999, toFake: ["Date"] });
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => lines.push(JSON.parse(String(chunk))) > 0);
  vi.spyOn(console, "info").mockImplementation(() => undefined);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function endOf(status: RunStatus, at?: Date): Record<string, unknown> {
  const reporter = createJobReporter("archive-calls", { STACK_NAME: "nightshift-test" }, defaultOutside).reporter(run);
  reporter.ended(status, status === "failed" ? new JobError("API_UNAVAILABLE", "no response") : undefined, at);
  reporter.publish();
  return lines.findLast((line) => "_aws" in line) ?? {};
}

describe("a run", () => {
  test("publishes with every slice that it works and has not ended, even if nothing else happens", () => {
    const reporter = createJobReporter("archive-calls", { STACK_NAME: "nightshift-test" }, defaultOutside).reporter(
      run,
    );

    reporter.publish();
    reporter.publish();

    expect(lines).toMatchObject([
      { RunsAlive: 1, RunsFinished: 0, RunsFailed: 0 },
      { RunsAlive: 1, RunsFinished: 0, RunsFailed: 0 },
    ]);
  });

  test.each(["finished", "paused"] as const)("that is %s counts as finished, with the time", (status) => {
    expect(endOf(status)).toMatchObject({ RunsFinished: 1, RunEnded: seconds, service: "archive-calls" });
  });

  test("that failed counts as failed, with the negative time", () => {
    const line = endOf("failed");

    expect(line).toMatchObject({ RunsFailed: 1, RunsFinished: 0, RunEnded: -seconds });
  });

  test("has the time of the given clock, because AWS reports failures by its own", () => {
    const at = new Date((seconds + 93_600) * 1000);

    expect(endOf("finished", at)).toMatchObject({ RunEnded: seconds + 93_600 });
    expect(endOf("failed", at)).toMatchObject({ RunEnded: -(seconds + 93_600) });
  });

  test("that was superseded counts as finished, because a first run of many days ends so every night, but not as a success", () => {
    const line = endOf("superseded");

    expect(line).toMatchObject({ RunsFinished: 1 });
    expect(line).not.toHaveProperty("RunEnded");
  });
});
