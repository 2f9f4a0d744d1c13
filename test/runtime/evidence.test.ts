import { describe, expect, test } from "vitest";
import { Pause } from "../../shared/core/async/pause.ts";
import { type ErrorCode, JobError } from "../../shared/errors.ts";
import { evidenceOf, isLoginError } from "../../shared/runtime/evidence.ts";

const until = new Date(90_000);
const error = (code: ErrorCode, options: { readonly retryable?: boolean; readonly reason?: string } = {}) =>
  new JobError(code, "no", { retryable: options.retryable ?? false, details: { reason: options.reason } });

describe("the evidence of one failure", () => {
  test.each([
    ["a window that is used up", new Pause(until, "window"), { type: "wait" }],
    ["a block that RingCentral requested", new Pause(until, "rate-limited"), { type: "wait" }],
    ["a token that another exchanges", new Pause(until, "token"), { type: "wait" }],
    [
      "a fault that is to be waited for",
      new Pause(until, "unavailable"),
      { type: "suspicion", until, suspicion: { evidence: "unavailable", source: "api" } },
    ],
    [
      "an error of RingCentral's that may pass",
      error("API_UNAVAILABLE", { retryable: true }),
      { type: "suspicion", suspicion: { evidence: "unavailable", source: "api" } },
    ],
    [
      "S3 that is away",
      error("STORAGE_FAILED", { retryable: true }),
      { type: "suspicion", suspicion: { evidence: "unavailable", source: "storage" } },
    ],
    [
      "a secret that cannot be read just now",
      error("CREDENTIAL_MISSING", { retryable: true }),
      { type: "suspicion", suspicion: { evidence: "unavailable", source: "api" } },
    ],
    [
      "no room in /tmp, whether it may pass or not",
      error("TEMPORARY_STORAGE_FAILED"),
      { type: "suspicion", suspicion: { evidence: "unavailable", source: "here" } },
    ],
    [
      "a refusal of RingCentral's",
      error("API_REFUSED"),
      { type: "suspicion", suspicion: { evidence: "denied", source: "api" } },
    ],
    [
      "a refusal of S3's",
      error("STORAGE_FAILED"),
      { type: "suspicion", suspicion: { evidence: "denied", source: "storage" } },
    ],
    ["a missing item", error("API_NOT_FOUND"), { type: "own" }],
    ["a damaged object", error("STORAGE_INVALID"), { type: "own" }],
    ["a response that is too large", error("API_TOO_LARGE"), { type: "own" }],
    ["an unexpected error", new RangeError("secret words"), { type: "own", error: { code: "UNEXPECTED" } }],
  ] as const)("is right for %s", (_what, thrown, evidence) => {
    expect(evidenceOf(thrown)).toMatchObject(evidence);
  });

  test.each([
    "CONFIG_INVALID",
    "REQUEST_INVALID",
    "CREDENTIAL_MISSING",
    "CREDENTIAL_INVALID",
    "CREDENTIAL_REFUSED",
    "TIME_ZONE_CHANGED",
  ] as const)("%s stops the run in any work", (code) => {
    expect(evidenceOf(error(code))).toMatchObject({ type: "stop", error: { code } });
  });

  test("a pause for an unavailable service keeps its cause", () => {
    const cause = error("API_UNAVAILABLE", { retryable: true });

    expect(evidenceOf(new Pause(until, "unavailable", { cause }))).toMatchObject({ error: cause });
  });
});

describe("the run sends RingCentral no more requests after", () => {
  test.each([
    ["a secret without a value", error("CREDENTIAL_MISSING"), true],
    ["an invalid credential", error("CREDENTIAL_INVALID"), true],
    ["a login that was refused", error("CREDENTIAL_REFUSED"), true],
    ["an hour in which there was no token", error("API_UNAVAILABLE", { reason: "token" }), true],
    ["but not an hour without a response", error("API_UNAVAILABLE", { reason: "unavailable" }), false],
    ["nor a secret that may be read later", error("CREDENTIAL_MISSING", { retryable: true }), false],
    ["nor a refusal of the requested item", error("API_REFUSED"), false],
  ] as const)("%s", (_rule, thrown, ends) => {
    expect(isLoginError(thrown)).toBe(ends);
  });
});
