import { describe, expect, test } from "vitest";
import { parseSettings } from "../../infra/settings.ts";

const good = { timeZone: "Europe/Berlin", archiveFrom: "2026-01-01", notify: { actNow: ["ops@example.com"] } };
const parse = (more: object) => parseSettings({ ...good, ...more }, "settings/acme.json");
const keyIn = (region: string) => `arn:aws:kms:${region}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const signingKeyIn = (region: string) => keyIn(region).replace("1234abcd", "5678abcd");
const topicIn = (region: string) => `arn:aws:sns:${region}:123456789012:pager`;
const aws = { account: "123456789012", region: "eu-central-1" };

describe("settings that contradict one another are refused:", () => {
  test.each([
    [
      "the start of a job that is not deployed",
      { jobs: ["archive-calls"], startAt: { "collect-analytics": "04:00" } },
      "startAt.collect-analytics: has no effect because jobs does not list it",
    ],
    [
      "how analytics are collected, where they are not",
      { jobs: ["archive-calls", "build-tables"], analytics: {} },
      "analytics: has no effect because jobs does not list collect-analytics",
    ],
    [
      "how calls settle, where they are not archived",
      { jobs: ["collect-analytics", "build-tables"], settling: { listingGapHours: 12 } },
      "settling: has no effect because jobs does not list archive-calls",
    ],
    [
      "a limit of queries, where there are no tables",
      { jobs: ["archive-calls", "collect-analytics"], athenaScanLimitGb: 5 },
      "athenaScanLimitGb: has no effect because jobs does not list build-tables",
    ],
    ["tables of nothing", { jobs: ["build-tables"] }, "jobs: build-tables starts only after another job"],
    [
      "tables of nothing, twice",
      { jobs: ["build-tables", "build-tables"] },
      "jobs: build-tables starts only after another job",
    ],
    [
      "pages of no tables",
      { jobs: ["archive-calls", "verify-archive", "build-pages"] },
      "jobs: build-pages does nothing without build-tables; add it",
    ],
    ["a job twice", { jobs: ["archive-calls", "archive-calls"] }, "jobs: lists archive-calls twice"],
    ["a group twice", { analytics: { groups: ["Users", "Users"] } }, "analytics.groups: lists Users twice"],
    [
      "a group that has none of the metrics",
      { analytics: { groups: ["Company", "Queues"], metrics: ["callsByQueueSla"] } },
      "analytics.groups: Company has no effect because it has none of the listed metrics",
    ],
    [
      "metrics that no group has",
      { analytics: { groups: ["Company"], metrics: ["callsByQueueSla"] } },
      "analytics.metrics: no group has any of them",
    ],
    [
      "a key of another region than the stack's",
      { aws, kmsKeyArn: keyIn("us-east-1") },
      "kmsKeyArn: is a key in us-east-1, but the stack is in eu-central-1",
    ],
    [
      "a signing key of another region",
      { aws, signingKeyArn: keyIn("us-east-1") },
      "signingKeyArn: is a key in us-east-1, but the stack is in eu-central-1",
    ],
    [
      "keys of two regions, where the stack does not say its own",
      { kmsKeyArn: keyIn("eu-central-1"), signingKeyArn: signingKeyIn("us-east-1") },
      "signingKeyArn: is a key in us-east-1, but kmsKeyArn is in eu-central-1",
    ],
    [
      "one key to encrypt and to sign with",
      { kmsKeyArn: keyIn("eu-central-1"), signingKeyArn: keyIn("eu-central-1") },
      "signingKeyArn: is the same key as kmsKeyArn; a signing key cannot encrypt",
    ],
    [
      "a topic of another region, which CloudWatch cannot notify",
      { aws, notify: { actNow: ["ops@example.com", topicIn("us-east-1")] } },
      "notify.actNow.1: is a topic in us-east-1, but the stack is in eu-central-1",
    ],
  ])("%s", (_what, settings, error) => {
    expect(() => parse(settings)).toThrow(error);
  });

  test("a contradiction and a field that is invalid by itself, in one error", () => {
    const settings = { jobs: ["archive-calls"], analytics: { groups: ["Compny"] }, paused: "yes" };

    expect(() => parse(settings)).toThrow(/paused: .*analytics\.groups\.0: .*analytics: has no effect/s);
  });

  test.each([
    ["a job is misspelt", { jobs: ["archive-calls", "colect-analytics"], analytics: { recollectDays: 7 } }],
    ["no job is named", { jobs: [], settling: { listingGapHours: 12 } }],
  ])("not if %s, which is reported instead", (_what, settings) => {
    expect(() => parse(settings)).toThrow(/jobs/);
    expect(() => parse(settings)).not.toThrow(/has no effect/);
  });
});

test.each([
  ["jobs that need no other", { jobs: ["build-tables", "collect-analytics"], analytics: {} }],
  ["a start of a job that is deployed", { jobs: ["archive-calls"], startAt: { "archive-calls": "04:00" } }],
  [
    "keys of the stack's region",
    { aws, kmsKeyArn: keyIn("eu-central-1"), signingKeyArn: signingKeyIn("eu-central-1") },
  ],
  ["a topic of the stack's region", { aws, notify: { actNow: [topicIn("eu-central-1")] } }],
  ["keys of one region", { kmsKeyArn: keyIn("us-east-1"), signingKeyArn: signingKeyIn("us-east-1") }],
  ["metrics that some of the usual groups have", { analytics: { metrics: ["callsByQueueSla"] } }],
  ["a key where the stack does not say its region", { kmsKeyArn: keyIn("us-east-1") }],
])("settings with %s are accepted", (_what, settings) => {
  expect(parse(settings)).toEqual({ ...good, ...settings });
});
