import { expect, test } from "vitest";
import { Env } from "../../shared/contract.ts";
import { JobError } from "../../shared/errors.ts";
import { ArchiveEnvironment, settlingRulesOf } from "../../shared/jobs/archive-calls/environment.ts";
import { parseConfig, parseTargets } from "../../shared/runtime/config.ts";

const good = {
  [Env.archiveBucket]: "archive",
  [Env.stateBucket]: "state",
  [Env.derivedBucket]: "derived",
  [Env.timeZone]: "America/New_York",
  [Env.archiveFrom]: "2026-11-01",
};

function errorsOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof JobError && error.code === "CONFIG_INVALID") return error.message;
    throw error;
  }
  return "none";
}

test("all invalid or missing variables are named at once, and long text is not quoted, because it may be a secret", () => {
  const environment = {
    ...good,
    [Env.stateBucket]: undefined,
    [Env.timeZone]: "Mars/Olympus",
    [Env.archiveFrom]: "a token that was pasted into the wrong field",
  };

  const errors = errorsOf(() => parseConfig(ArchiveEnvironment, environment));

  expect(errors).toContain(Env.stateBucket);
  expect(errors).toContain(Env.timeZone);
  expect(errors).toContain(Env.archiveFrom);
  expect(errors).not.toContain(Env.archiveBucket);
  expect(errors).not.toMatch(/Mars|token/);
});

test.each(["", "six hours", "-1", " ", "Infinity"])("a number of seconds written %j is invalid", (text) => {
  const errors = errorsOf(() => parseConfig(ArchiveEnvironment, { ...good, [Env.listingGap]: text }));

  expect(errors).toContain(Env.listingGap);
});

test("without its own settings a day settles by two listings six hours apart, one day after its end", () => {
  const config = parseConfig(ArchiveEnvironment, good);

  expect(settlingRulesOf(config)).toEqual({ listingGapMs: 6 * 3_600_000, settleAfterMs: 24 * 3_600_000 });
});

test("the functions to start are read by job", () => {
  expect(parseTargets({ [Env.targets]: '{"archive-calls":"arn:live"}' })).toEqual({ "archive-calls": "arn:live" });
});

test.each([undefined, "", "not JSON", "[1]", '{"archive-calls":7}'])(
  "functions to start of another form (%j) are refused",
  (text) => {
    expect(errorsOf(() => parseTargets({ [Env.targets]: text }))).toContain("Environment variables are invalid");
  },
);
