import { describe, expect, test } from "vitest";
import { parseAccountSettings } from "../../infra/account-settings.ts";

const good = { timeZone: "Europe/Berlin", archiveFrom: "2026-01-01", alarmEmails: ["ops@example.com"] };
const parse = (more: object) => parseAccountSettings({ ...good, ...more }, "accounts/acme.json");
const keyIn = (region: string) => `arn:aws:kms:${region}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const aws = { account: "123456789012", region: "eu-central-1" };

describe("settings that contradict one another are refused:", () => {
  test.each([
    [
      "the start of a job that is not deployed",
      { jobs: ["archive-calls"], startAt: { "collect-analytics": "04:00" } },
      "startAt.collect-analytics: has no effect, for jobs does not name it",
    ],
    [
      "how analytics are collected, where they are not",
      { jobs: ["archive-calls", "build-tables"], analytics: {} },
      "analytics: has no effect, for jobs does not name collect-analytics",
    ],
    ["tables of nothing", { jobs: ["build-tables"] }, "jobs: build-tables starts when another job has ended"],
    [
      "a key of another region than the stack's",
      { aws, kmsKeyArn: keyIn("us-east-1") },
      "kmsKeyArn: is a key in us-east-1, and the stack is in eu-central-1",
    ],
    [
      "a signing key of another region",
      { aws, signWith: keyIn("us-east-1") },
      "signWith: is a key in us-east-1, and the stack is in eu-central-1",
    ],
  ])("%s", (_what, settings, complaint) => {
    expect(() => parse(settings)).toThrow(complaint);
  });

  test("beside a field that is wrong by itself, in the same error", () => {
    const settings = { jobs: ["archive-calls"], analytics: { groups: ["Compny"] }, paused: "yes" };

    expect(() => parse(settings)).toThrow(/paused: .*analytics\.groups\.0: .*analytics: has no effect/);
  });
});

test.each([
  ["jobs that need no other", { jobs: ["build-tables", "collect-analytics"], analytics: {} }],
  ["a start of a job that is deployed", { jobs: ["archive-calls"], startAt: { "archive-calls": "04:00" } }],
  ["keys of the stack's region", { aws, kmsKeyArn: keyIn("eu-central-1"), signWith: keyIn("eu-central-1") }],
  ["a key where the stack does not say its region", { kmsKeyArn: keyIn("us-east-1") }],
])("settings with %s are taken", (_what, settings) => {
  expect(parse(settings)).toEqual({ ...good, ...settings });
});
