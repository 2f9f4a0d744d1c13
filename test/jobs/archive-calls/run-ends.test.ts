import { describe, expect, test } from "vitest";
import { attemptKey } from "../../../shared/core/calls/recording-state.ts";
import { emptyTally } from "../../../shared/core/whose-fault.ts";
import { type ErrorCode, JobError } from "../../../shared/errors.ts";
import { attemptOf } from "../../../shared/jobs/archive-calls/attempt.ts";
import { incompleteCallDays } from "../../../shared/jobs/archive-calls/incomplete-call-days.ts";
import { nothingFetched } from "../../../shared/jobs/archive-calls/nothing-fetched.ts";

describe("an attempt at a recording", () => {
  test.each([
    ["API_NOT_FOUND", { status: 404, errorCode: "CMN-102" }, "not-found CMN-102"],
    ["API_REFUSED", { status: 403, errorCode: "CMN-408" }, "refused CMN-408"],
    ["API_REFUSED", { status: 401 }, "refused 401"],
    ["API_UNAVAILABLE", {}, "unavailable"],
    ["TEMPORARY_STORAGE_FAILED", {}, "disk-full"],
    ["API_BAD_REQUEST", { status: 416 }, "unexpected 416"],
    ["STORAGE_FAILED", {}, "unexpected STORAGE_FAILED"],
    ["API_BAD_RESPONSE", { result: "not-audio", errorCode: "text/html" }, "not-audio text/html"],
    ["API_BAD_RESPONSE", { result: "empty" }, "empty"],
    ["API_BAD_RESPONSE", { result: "something else" }, "unexpected API_BAD_RESPONSE"],
  ] as const)("that ends with %s %o is counted as %s", (code: ErrorCode, details, key) => {
    expect(attemptKey(attemptOf(new JobError(code, "no", { details })))).toBe(key);
  });
});

describe("a run whose recordings all failed", () => {
  const tally = {
    ...emptyTally,
    attempted: 7,
    failed: 7,
    firstTime: 1,
    left: 2,
    failedByResult: { fault: 3, "not-found 404": 4 },
  };

  test("reports how many were due, and the most frequent result", () => {
    expect(nothingFetched(tally)).toMatchObject({
      code: "NOTHING_FETCHED",
      message: expect.stringMatching(/^9 recordings .*: not-found 404$/),
      details: { due: 9, attempted: 7, left: 2 },
    });
  });

  test("does not report it if the fetching itself ended with an error, or some came", () => {
    expect(nothingFetched(undefined)).toBeUndefined();
    expect(nothingFetched({ ...tally, done: 1 })).toBeUndefined();
  });
});

describe("a run with incomplete days", () => {
  const failed = { ...emptyTally, failed: 2, firstFailed: "2026-11-02" };

  test("fails in each phase, and names the first day", () => {
    for (const phases of [
      [failed, emptyTally],
      [emptyTally, failed],
      [undefined, failed],
    ])
      expect(incompleteCallDays(phases)).toMatchObject({
        code: "DAYS_INCOMPLETE",
        details: { days: 2, first: "2026-11-02" },
      });
  });

  test("succeeds if none failed", () => {
    expect(incompleteCallDays([emptyTally, undefined])).toBeUndefined();
  });
});
