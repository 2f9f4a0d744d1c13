import { describe, expect, test } from "vitest";
import { clockLine, serverLine, timeZoneLine } from "../../../shared/core/access/connection-lines.ts";
import { jwtLine } from "../../../shared/core/access/credential-lines.ts";
import { failureLine } from "../../../shared/core/access/failure-line.ts";
import { capacityLine, rateLine } from "../../../shared/core/access/limit-lines.ts";
import { accessTexts } from "../../../shared/core/access/line-texts.ts";
import { type PermissionAnswer, permissionLine, scopesLine } from "../../../shared/core/access/permission-lines.ts";
import { capLine, recentRecordings, recordingLine } from "../../../shared/core/access/recording-lines.ts";
import { emailLine, scheduleLine } from "../../../shared/core/access/stack-lines.ts";
import { addDays } from "../../../shared/core/time/days.ts";

const now = new Date("2026-11-04T08:00:00Z");
const dayMs = 24 * 3_600_000;
const inDays = (days: number) => new Date(now.getTime() + days * dayMs);

describe("the JWT's end", () => {
  test.each([
    [3, "fault", "Today, create a new JWT"],
    [4, "warning", "This week, create a new JWT"],
    [14, "warning", "This week, create a new JWT"],
    [15, "warning", "Before that day, create a new JWT"],
    [60, "warning", "Before that day, create a new JWT"],
    [61, "ok", undefined],
  ])("in %i days is a line of level %s: %s", (days, level, todo) => {
    const line = jwtLine({ issuedAt: inDays(-30), expiresAt: inDays(days) }, now);

    expect(line.level).toBe(level);
    expect(line.seen).toMatch(new RegExp(`^issued 30 days ago; expires in ${days} days, on 20`));
    if (todo) expect(line.todo).toContain(todo);
    else expect(line.todo).toBeUndefined();
  });

  test("that the JWT does not name is no fault, because RingCentral documents no claim", () => {
    expect(jwtLine({ issuedAt: undefined, expiresAt: undefined }, now)).toEqual({
      ...{ check: "JWT", level: "ok", seen: "it names no end" },
    });
  });
});

describe("the connection", () => {
  test("to a server that answers is ok, and any failure is a fault with its code", () => {
    const server = "https://platform.ringcentral.com";

    expect(serverLine(server, { type: "reached", ms: 40 })).toMatchObject({ level: "ok" });
    expect(serverLine(server, { type: "failed", failure: "ENOTFOUND" })).toMatchObject({
      ...{ level: "fault", seen: `cannot reach ${server}: ENOTFOUND` },
    });
  });

  test.each([
    [0, "ok", "as S3's clock"],
    [-60_000, "ok", "60 s behind S3's clock"],
    [60_001, "warning", "60 s ahead of S3's clock"],
    [-26 * 3_600_000, "warning", "93600 s behind S3's clock"],
  ])("of a machine %i ms ahead is %s, never a fault, because jobs go by S3's clock: %s", (aheadMs, level, seen) => {
    expect(clockLine(aheadMs)).toMatchObject({ level, seen });
  });

  test.each([
    [undefined, "ok"],
    ["Europe/Berlin", "ok"],
    ["America/New_York", "warning"],
  ])("to an account in %s is %s if the settings name Berlin", (zone, level) => {
    expect(timeZoneLine(zone, "Europe/Berlin").level).toBe(level);
  });
});

describe("a permission check", () => {
  const needed = { names: ["FullCompanyCallLog", "ReadCompanyCallLog"], role: "Company Call Log → View Only" };

  test.each<[readonly PermissionAnswer[], string, string]>([
    [["not-granted", "granted"], "ok", "granted"],
    [["narrow", "granted"], "ok", "granted"],
    [["not-granted", "narrow"], "warning", "for a part of the company only"],
    [["not-granted", "not-granted"], "warning", "says no to FullCompanyCallLog, ReadCompanyCallLog"],
    [["unknown", "not-granted"], "warning", "says no"],
    [["unknown", "unknown"], "warning", "gave no answer"],
  ])("with the answers %j is %s, never a fault", (answers, level, seen) => {
    const line = permissionLine(needed, answers);

    expect(line).toMatchObject({ check: "permission FullCompanyCallLog", level });
    expect(line.seen).toContain(seen);
    if (level === "warning") expect(line.todo).toContain("Admin Portal → Users → Roles");
  });
});

test("app scopes are ok only if the token has every scope that the jobs need", () => {
  expect(scopesLine(["Analytics", "ReadAccounts"], ["ReadAccounts", "Analytics"]).level).toBe("ok");
  expect(scopesLine(["Analytics", "ReadAccounts", "ReadCallLog"], ["ReadAccounts"])).toMatchObject({
    level: "fault",
    todo: expect.stringContaining("tick all of Analytics, Read Call Log;"),
  });
});

describe("a rate limit", () => {
  const use = { group: "heavy", limit: 10, windowMs: 60_000 };

  test.each([
    [0, false, "ok"],
    [1, true, "ok"],
    [1, false, "warning"],
  ])("with %i requests of others, ours: %s, is %s", (others, areOurs, level) => {
    expect(rateLine({ ...use, others }, areOurs).level).toBe(level);
  });
});

describe("the capacity of 10 requests a minute", () => {
  test.each([
    [undefined, "ok"],
    [11_520, "ok"],
    [11_521, "warning"],
    [14_400, "warning"],
    [14_401, "fault"],
  ])("for %s recordings a day is %s", (perDay, level) => {
    const line = capacityLine(perDay, 10);

    expect(line.level).toBe(level);
    expect(line.seen).toContain("at most 14,400 can be fetched a day");
  });
});

describe("call recording", () => {
  const kind = { enabled: true, days: 90, maxCount: undefined };
  const settings = { automatic: { ...kind, maxCount: 100_000 }, onDemand: kind };

  test.each([
    [true, "ok"],
    [undefined, "ok"],
    [false, "warning"],
  ])("that is automatic: %s, is %s", (enabled, level) => {
    expect(recordingLine({ ...settings, automatic: { ...kind, enabled } }).level).toBe(level);
  });

  test.each([
    [undefined, "ok"],
    [89_999, "ok"],
    [90_000, "warning"],
  ])("of %s recordings under a cap of 100,000 is %s", (recent, level) => {
    expect(capLine(recent, settings).level).toBe(level);
  });

  test("counts the recordings of the last 28 days and of the retention, without today", () => {
    const today = "2026-11-04";
    const entry = (recordings: number) =>
      ({ status: "closed", counts: { recordings, automatic: recordings } }) as const;
    const days = {
      [addDays(today, -91)]: entry(1_000),
      [addDays(today, -90)]: entry(50),
      [addDays(today, -29)]: entry(20),
      [addDays(today, -28)]: entry(4),
      [addDays(today, -2)]: { status: "open" } as const,
      [addDays(today, -1)]: entry(2),
      [today]: entry(500),
    };

    expect(recentRecordings({ days }, { today, settings })).toEqual({ perDay: 3, automatic: 76 });
    expect(recentRecordings({ days: { [today]: entry(5) } }, { today, settings })).toBeUndefined();
    expect(recentRecordings(undefined, { today, settings })).toBeUndefined();
  });
});

describe("a check that failed", () => {
  const error = { message: "it failed", hint: "Do this.", retryable: false };

  test.each(["CREDENTIAL_REFUSED", "API_REFUSED", "STORAGE_FAILED"])("with %s is a fault", (code) => {
    expect(failureLine("x", { ...error, code })).toEqual({
      check: "x",
      level: "fault",
      seen: "it failed",
      todo: "Do this.",
    });
  });

  test.each([
    { ...error, code: "STORAGE_FAILED", retryable: true },
    { ...error, code: "UNEXPECTED" },
    { ...error, code: "API_NOT_FOUND" },
  ])("with %j is a warning, because it may pass or says nothing", (failure) => {
    expect(failureLine("x", failure)).toMatchObject({ level: "warning", seen: "could not be checked: it failed" });
  });
});

describe("a job's schedule", () => {
  const schedule = {
    job: "archive-calls",
    expression: "cron(30 3 * * ? *)",
    timeZone: "Europe/Berlin",
    isEnabled: true,
  };

  test.each([
    ["is missing", [{ ...schedule, job: "build-tables" }], "fault", "there is none"],
    ["is switched off", [{ ...schedule, isEnabled: false }], "warning", "switched off"],
    ["is on beside one that is off", [{ ...schedule, isEnabled: false }, schedule], "ok", "next 2026-11-05 02:30 UTC"],
    ["has another form", [{ ...schedule, expression: "rate(1 day)" }], "ok", "rate(1 day), Europe/Berlin"],
  ])("that %s is said", (_what, schedules, level, seen) => {
    const line = scheduleLine("archive-calls", schedules, now);

    expect(line).toMatchObject({ check: "schedule archive-calls", level });
    expect(line.seen).toContain(seen);
  });
});

test.each([
  [0, 0, "fault"],
  [0, 1, "fault"],
  [1, 1, "warning"],
  [1, 0, "ok"],
])("e-mails that %i confirmed and %i other addresses get are a line of level %s", (confirmed, pending, level) => {
  expect(emailLine("ActNow", { confirmed, pending })).toMatchObject({ check: "e-mails ActNow", level });
});

test("lines for people have columns, and below a line what to do", () => {
  const lines = [
    { check: "JWT", level: "ok", seen: "a" },
    { check: "account", level: "fault", seen: "b", todo: "Do c." },
  ] as const;

  expect(accessTexts(lines)).toEqual(["ok       JWT      a", "fault    account  b", "                  Do c."]);
});
