import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { readSettings, rejectSettingsIn } from "../../infra/read-settings.ts";
import { parseSettings, Settings } from "../../infra/settings.ts";
import { temporaryFolder } from "../support/infra/temporary-folder.ts";

const good = { timeZone: "Europe/Berlin", archiveFrom: "2026-01-01", notify: { actNow: ["ops@example.com"] } };
const parse = (json: unknown) => parseSettings(json, "settings/acme.json");

describe("one account's settings", () => {
  test("name every mistake at once, and the file", () => {
    const invalid = {
      timeZone: "Berlin",
      archiveFrom: "2026-02-30",
      notify: { actNow: ["ops"], thisWeek: [], someday: ["ops@example.com"] },
      handbookUrl: "https://example.com/operations.md#looking",
      jobs: ["archive-calls", "make-coffee"],
      startAt: { "archive-calls": "02:15", "make-coffee": "08:00" },
      paused: "yes",
      credentialSecretName: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rc-AbCdEf",
      kmsKeyArn: "alias/nightshift",
      objectLock: { mode: "strict", days: 0 },
      analytics: { groups: "Company", metrics: ["Speed"], recollectDays: 31, hours: 8 },
      athenaScanLimitGb: 0,
      logRetentionDays: 31,
      aws: { account: "123", region: "Frankfurt" },
      retries: 3,
    };

    const fields = [
      "timeZone",
      "archiveFrom",
      "notify.actNow.0",
      "notify.thisWeek",
      "notify.someday",
      "handbookUrl",
      "jobs.1",
      "startAt.archive-calls",
      "startAt.make-coffee",
      "paused",
      "credentialSecretName",
      "kmsKeyArn",
      "objectLock.mode",
      "objectLock.days",
      "analytics.groups",
      "analytics.metrics.0",
      "analytics.recollectDays",
      "analytics.hours",
      "athenaScanLimitGb",
      "logRetentionDays",
      "aws.account",
      "aws.region",
      "retries",
    ];
    expect(() => parse(invalid)).toThrow("The settings in settings/acme.json are invalid");
    for (const field of fields) expect(() => parse(invalid), field).toThrow(`\n  ${field}: `);
  });

  test.each([
    ["a secret's name, for it may be the secret", { credentialSecretName: "do not quote" }],
    ["an e-mail address", { notify: { actNow: ["do-not-quote@example"] } }],
    ["a text in place of a list of addresses", { notify: { actNow: "do-not-quote" } }],
    ["an address of the company's", { handbookUrl: "http://do-not-quote" }],
    ["an AWS account", { aws: { account: "do-not-quote", region: "eu-central-1" } }],
    ["a key", { kmsKeyArn: "do-not-quote", signingKeyArn: "do-not-quote" }],
    [
      "what stands in an ARN's place",
      { kmsKeyArn: "a:b:c:do-not-quote", aws: { account: "123456789012", region: "eu-central-1" } },
    ],
    [
      "what stands in a region's place, where it may be a token",
      {
        ...{ aws: { account: "123456789012", region: "do-not-quote".padEnd(33, "x") } },
        kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      },
    ],
    ["an unknown name, long enough to be a token, twice", { jobs: Array(2).fill("do-not-quote".padEnd(33, "x")) }],
    ["an unknown field", { notes: "do-not-quote" }],
  ])("do not quote %s", (_what, invalid) => {
    expect(() => parse({ ...good, ...invalid })).toThrow("are invalid");
    expect(() => parse({ ...good, ...invalid })).not.toThrow(/do.not.quote/);
  });

  test.each<[object, string]>([
    [{ timeZone: "Berln" }, 'did you mean Europe/Berlin? (given: "Berln")'],
    [{ archiveFrom: "2026-11-33" }, 'archiveFrom: expected a date that exists, YYYY-MM-DD (given: "2026-11-33")'],
    [{ jobs: ["archive"] }, 'jobs.0: there is no such job; did you mean archive-calls? (given: "archive")'],
    [{ startAt: { "archive-calls": "4:15" } }, 'startAt.archive-calls: expected a time of day, HH:MM (given: "4:15")'],
    [{ paused: "yes" }, 'paused: expected true or false (given: "yes")'],
    [{ objectLock: { mode: "Compliance", days: 365 } }, 'expected governance or compliance (given: "Compliance")'],
    [
      { objectLock: { mode: "compliance", days: "365" } },
      'objectLock.days: expected whole days, 1 to 36500 (given: "365")',
    ],
    [{ settling: { listingGapHours: 0 } }, "settling.listingGapHours: expected whole hours, 1 to 168 (given: 0)"],
    [{ analytics: { groups: ["Compny"] } }, 'did you mean Company? (given: "Compny")'],
    [{ athenaScanLimitGb: "5" }, 'athenaScanLimitGb: expected gigabytes, 0.01 to 1000000 (given: "5")'],
    [{ logRetentionDays: 31 }, "(given: 31)"],
    [{ aws: { account: "123456789012", region: "eu-centrl-1" } }, 'did you mean eu-central-1? (given: "eu-centrl-1")'],
  ])("quote other invalid values: %j", (invalid, error) => {
    expect(() => parse({ ...good, ...invalid })).toThrow(error);
  });

  test.each([
    ["alarmEmails", "notify"],
    ["signWith", "signingKeyArn"],
    ["tz", "timeZone"],
    ["firstDay", "archiveFrom"],
    ["schedule", "startAt"],
  ])("say for %s that it is %s", (name, setting) => {
    expect(() => parse({ ...good, [name]: "x" })).toThrow(`\n  ${name}: not a known field; did you mean ${setting}?`);
  });

  test("say in one line that there are many more mistakes", () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`unknown${n}`, 1]));

    expect(() => parse({ ...good, ...many })).toThrow(/\n {2}and 10 more$/);
  });

  test("name a missing field", () => {
    expect(() => parse({})).toThrow(
      /^The settings in \S+ are invalid:\n {2}timeZone: .*\(missing\)\n {2}archiveFrom: .*\(missing\)\n {2}notify: .*\(missing\)$/,
    );
  });

  test.each([
    ["0206-01-01", "a year with its figures in each other's place"],
    ["1999-12-31", "a time before RingCentral"],
  ])("refuse to begin on %s, %s", (archiveFrom) => {
    expect(() => parse({ ...good, archiveFrom })).toThrow("archiveFrom: expected a date since 2000-01-01");
  });

  test.each([
    ["eu-centrl-1", "aws", "kmsKeyArn: names eu-centrl-1, which is not an AWS region; did you mean eu-central-1?"],
    ["us-gov-west-1", "aws", "kmsKeyArn: expected arn:aws-us-gov:… of a key in us-gov-west-1"],
  ])("refuse a key of %s in the partition %s", (region, partition, error) => {
    const kmsKeyArn = `arn:${partition}:kms:${region}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

    expect(() => parse({ ...good, kmsKeyArn })).toThrow(error);
  });

  test("refuse a handbook URL that no browser opens", () => {
    expect(() => parse({ ...good, handbookUrl: "https://[" })).toThrow("handbookUrl: expected a valid https URL");
  });

  test("refuse alarms without a recipient", () => {
    expect(() => parse({ ...good, notify: { actNow: [] } })).toThrow(
      "notify.actNow: must list at least one e-mail address or topic",
    );
  });

  test("refuse the same address twice", () => {
    const notify = { actNow: ["ops@example.com", "Ops@example.com"] };

    expect(() => parse({ ...good, notify })).toThrow("notify.actNow: lists an address or a topic twice");
  });

  test.each([
    ["arn:aws:sns:eu-central-1:123456789012:pager.fifo", "a FIFO topic"],
    ["arn:aws:sns:eu-central-1:123456789012:pager:1234", "a subscription"],
    ["arn:aws:sqs:eu-central-1:123456789012:pager", "a queue"],
  ])("refuse %s: %s sends no alarm to people", (arn) => {
    expect(() => parse({ ...good, notify: { actNow: [arn] } })).toThrow(
      "notify.actNow.0: expected an e-mail address or the ARN of a standard SNS topic",
    );
  });

  test("accept an existing topic beside addresses, for every kind of message", () => {
    const recipients = ["ops@example.com", "arn:aws:sns:eu-central-1:123456789012:pager"];
    const notify = { actNow: recipients, thisWeek: recipients, morningNote: recipients };

    expect(parse({ ...good, notify }).notify).toEqual(notify);
  });

  test("refuse to begin in the future, because until then nothing would be archived", () => {
    vi.useFakeTimers({ now: new Date("2026-11-03T12:00:00Z"), toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());

    expect(parse({ ...good, archiveFrom: "2026-11-04" }).archiveFrom).toBe("2026-11-04");
    expect(() => parse({ ...good, archiveFrom: "2026-11-05" })).toThrow("archiveFrom: is in the future");
  });

  test.each([
    ["objectlock", {}, "objectlock: not a known field; did you mean objectLock?"],
    ["recolectDays", "analytics", "analytics.recolectDays: not a known field; did you mean recollectDays?"],
    ["archivecalls", "startAt", "startAt.archivecalls: not a known field; did you mean archive-calls?"],
    ["recollectDays", {}, "recollectDays: not a known field; did you mean analytics.recollectDays?"],
    ["region", {}, "region: not a known field; did you mean aws.region?"],
    ["paused", "analytics", "analytics.paused: not a known field; did you mean paused beside analytics?"],
    ["tags", {}, /\btags: not a known field$/],
  ])("with an unknown field %s name the field that is like it", (field, within, error) => {
    const invalid = typeof within === "string" ? { [within]: { [field]: "x" } } : { [field]: "x" };

    expect(() => parse({ ...good, ...invalid })).toThrow(error);
  });

  test("refuse to deploy without a job", () => {
    expect(() => parse({ ...good, jobs: [] })).toThrow("jobs: must list at least one job");
  });

  test.each([
    ["archive-call", "archive-calls"],
    ["Collect-Analytics", "collect-analytics"],
    ["tables", "build-tables"],
  ])("with an unknown job %s name the nearest known one", (slip, job) => {
    expect(() => parse({ ...good, jobs: ["archive-calls", slip] })).toThrow(
      `jobs.1: there is no such job; did you mean ${job}?`,
    );
  });

  test.each([
    ["groups", "Compny", "Company"],
    ["groups", "users", "Users"],
    ["metrics", "CallsByDirections", "callsByDirection"],
  ])("with analytics %s %s, unknown to RingCentral, name the nearest known one", (setting, slip, name) => {
    expect(() => parse({ ...good, analytics: { [setting]: [slip] } })).toThrow(
      new RegExp(`analytics\\.${setting}\\.0: .*\\b${name}\\b`),
    );
  });

  test.each([0, 31, 1.5])("refuse to collect %s days again", (recollectDays) => {
    expect(() => parse({ ...good, analytics: { recollectDays } })).toThrow("analytics.recollectDays: ");
  });

  test.each([0.009, Number.MAX_SAFE_INTEGER])(
    "refuse a limit of %s GB, which Athena does not accept",
    (athenaScanLimitGb) => {
      expect(() => parse({ ...good, athenaScanLimitGb })).toThrow("athenaScanLimitGb: ");
    },
  );

  test("refuse a time of day for a job that does not start by the clock", () => {
    expect(() => parse({ ...good, startAt: { "build-tables": "04:00" } })).toThrow("startAt.build-tables: ");
  });

  test.each(["01:00", "02:59"])("refuse a start at %s, which a change of clocks may skip", (time) => {
    expect(() => parse({ ...good, startAt: { "archive-calls": time } })).toThrow(
      "startAt.archive-calls: must not be between",
    );
  });

  test.each(["00:59", "03:00", "23:59"])("accept a start at %s", (time) => {
    expect(parse({ ...good, startAt: { "archive-calls": time } }).startAt).toEqual({ "archive-calls": time });
  });

  test("are all listed in the handbook", () => {
    const handbook = readFileSync(join(import.meta.dirname, "..", "..", "docs", "operations.md"), "utf8");
    const chapter = handbook.split(/^## /m).find((part) => part.startsWith("Settings")) ?? "";
    const listed = [...chapter.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);

    expect(listed).toEqual(Object.keys(Settings.shape));
  });

  test("need three fields and no more", () => {
    expect(parse(good)).toEqual(good);
  });
});

describe("the selected settings file", () => {
  const folder = temporaryFolder("settings");
  writeFileSync(join(folder, "acme.json"), JSON.stringify(good));
  writeFileSync(join(folder, "broken.json"), "{ timeZone: ");

  test("is refused if no file has its name, and the error names the file that is like it", () => {
    expect(() => readSettings(folder, "acne")).toThrow(/; did you mean acme\?$/);
  });

  test.each([undefined, "nobody", "../acme", 7])(
    "is refused if its name is %s, and the response lists the existing files",
    (account) => {
      expect(() => readSettings(folder, account)).toThrow("one of acme, broken");
    },
  );

  test("is not selected by a name of another form, and the error says why", () => {
    writeFileSync(join(folder, "Acme_2.json"), JSON.stringify(good));

    expect(() => readSettings(folder, "Acme_2")).toThrow(
      /; invalid file names: Acme_2\.json \(only a-z, 0-9 and hyphens\)$/,
    );
  });

  test("is not overridden by the context, whose settings are all named in the error", () => {
    const context: Readonly<Record<string, unknown>> = { account: "acme", paused: "true", timeZone: "UTC" };

    expect(() => rejectSettingsIn((name) => context[name])).toThrow(/: write timeZone, paused into the settings file$/);
    expect(rejectSettingsIn((name) => (name === "account" ? "acme" : undefined))).toBeUndefined();
  });

  test("is refused if there is no settings folder", () => {
    expect(() => readSettings(join(folder, "none"), "acme")).toThrow("none yet");
  });

  test("is refused if it is not JSON", () => {
    expect(() => readSettings(folder, "broken")).toThrow(/broken\.json are not JSON/);
  });

  test("is refused if it quotes an address wrongly, and the error names the line instead of the address", () => {
    writeFileSync(join(folder, "unquoted.json"), '{\n  "paused": true,\n  "notify": [ops@example.com]\n}');

    expect(() => readSettings(folder, "unquoted")).toThrow(/are not JSON: Unexpected token 'o' \(line 3\)$/);
  });

  test("is read by its name", () => {
    expect(readSettings(folder, "acme")).toEqual(good);
  });

  test("has an example that is valid", () => {
    const folder = join(import.meta.dirname, "..", "..", "infra", "settings");

    expect(readSettings(folder, "example").timeZone).toBeTypeOf("string");
  });
});
