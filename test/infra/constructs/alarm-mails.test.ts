import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SettingsError } from "../../../infra/settings-error.ts";
import { parseFilterPattern } from "../../../lab/cloudwatch/filter-pattern.ts";
import { alarmsIn, type JsonTemplate } from "../../../lab/cloudwatch/template-alarms.ts";
import { flat, resourcesOf } from "../../support/infra/resources.ts";
import { openStack, templateOf } from "../../support/infra/stack.ts";
import { temporaryFolder } from "../../support/infra/temporary-folder.ts";

const root = join(import.meta.dirname, "../../..");
const handbook = readFileSync(join(root, "docs", "operations.md"), "utf8");
const handbookUrl = `https://wiki.example.com/${"x".repeat(95)}`;
const region = "us-east-1";
const template = templateOf({ settings: { handbookUrl } });
const alarms = resourcesOf(template, "AWS::CloudWatch::Alarm").map(({ Properties }) => Properties);
const mails = alarms.map((alarm) => [String(alarm.AlarmName), flat(alarm.AlarmDescription)] as const);

const chapters = [
  ...(handbook.split(/^## /m).find((part) => part.startsWith("Alarms\n")) ?? "").matchAll(/^### (.+)$/gm),
].map(([, chapter = ""]) => chapter);
const chapterOf = (alarm: string) =>
  chapters.find((chapter) => `${alarm}-`.startsWith(`nightshift-test-${chapter}-`)) ?? "";

const nameOf = (id: string, stack = "nightshift-test") => `${stack}-${id}-ABCDEFGHIJKL`;
const withNames = (mail: string, nameIt = nameOf) =>
  mail.replaceAll(/<([\w:]+)>/g, (_, id: string) => (id === "AWS::Region" ? region : nameIt(id)));
const namesOf = (type: string) => resourcesOf(template, type).map(({ id }) => nameOf(id));

const code = readdirSync(join(root, "shared"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(join(root, "shared", file), "utf8"))
  .join("\n");

/** The commands in an e-mail, as an operator copies them out of it. */
function commandsIn(mail: string): readonly string[] {
  const [, look = ""] = /^Look: (.*)$/m.exec(mail) ?? [];
  return [look, ...[...mail.matchAll(/: (aws [^\n]*)$/gm)].map(([, command = ""]) => command)].filter(Boolean);
}

interface ShellRun {
  readonly status: number;
  readonly stderr: string;
  /** The arguments of each call of the AWS CLI. */
  readonly calls: readonly (readonly string[])[];
}

/** Runs each command in a shell of its own, with a stand-in for the AWS CLI. One shell starts them all: that is fast. */
function runsOf(commands: readonly string[]): ReadonlyMap<string, ShellRun> {
  const script = `aws() { printf '%s\\n' "$@" '' >&3; }; export -f aws
    for command; do
      status=0; bash -euc "$command" 3>"$0/calls" >/dev/null 2>"$0/errors" || status=$?
      printf '%s\\0' "$status" "$(cat "$0/errors")" "$(cat "$0/calls")"
    done`;
  const { stdout } = spawnSync("bash", ["-uc", script, temporaryFolder("commands"), ...commands], { encoding: "utf8" });
  const parts = stdout.split("\0");
  return new Map(
    commands.map((command, index) => {
      const [status, stderr = "", calls = ""] = parts.slice(3 * index);
      const texts = calls.split("\n\n").filter(Boolean);
      return [command, { status: Number(status), stderr, calls: texts.map((call) => call.split("\n")) }];
    }),
  );
}

const runs = runsOf([...new Set(mails.flatMap(([, mail]) => commandsIn(withNames(mail))))]);

/** Returns the arguments with which a shell calls the AWS CLI for a command. */
function callsOf(command: string): readonly (readonly string[])[] {
  const { status, stderr, calls = [] } = runs.get(command) ?? {};
  expect([status, stderr]).toEqual([0, ""]);
  return calls;
}

const optionOf = (call: readonly string[], option: string) => call[call.indexOf(option) + 1];

describe("the e-mail of every alarm", () => {
  test.each(mails)("names in %s the stack in each command of nightshift", (_name, mail) => {
    expect(mail).not.toContain("<name>");
    for (const [command] of mail.matchAll(/npx nightshift [^\n]*/g))
      expect(command).toContain("--stack nightshift-test");
  });

  test.each(mails)("says for %s what is wrong, where to look, what to do first and where to read on", (name, mail) => {
    const chapter = chapterOf(name);

    expect(mail.split("\n")).toEqual([
      expect.stringMatching(/^[A-Z].{20,}\.$/),
      expect.stringMatching(/^Look: (for|aws) /),
      expect.stringMatching(/^First: [a-z][^`]{20,}$/),
      `Read: ${handbookUrl}#${chapter}`,
    ]);
    expect(handbook).toContain(`\n### ${chapter}\n`);
  });

  test.each(mails)("fits for %s, however long the names and the URL are", (_name, mail) => {
    const longest = withNames(mail, (id) => nameOf(id, `nightshift-${"x".repeat(50)}`));

    expect(handbookUrl.length).toBe(120);
    expect(longest.length).toBeLessThanOrEqual(1_024);
  });

  test.each(mails)(
    "has commands for %s that a shell accepts, for this region and resources of this stack",
    (_name, mail) => {
      const commands = commandsIn(withNames(mail));
      const calls = commands.flatMap(callsOf);

      expect(calls.length).toBeGreaterThan(0);
      for (const call of calls) {
        const known: Readonly<Record<string, () => [string | undefined, readonly string[]]>> = {
          "logs filter-log-events": () => [optionOf(call, "--log-group-name"), namesOf("AWS::Logs::LogGroup")],
          "logs tail": () => [call[4], namesOf("AWS::Logs::LogGroup")],
          "sqs receive-message": () => [optionOf(call, "--queue-url"), namesOf("AWS::SQS::Queue")],
          "cloudwatch get-metric-statistics": () => [optionOf(call, "--namespace"), ["Nightshift"]],
          "secretsmanager put-secret-value": () => [
            optionOf(call, "--secret-id"),
            namesOf("AWS::SecretsManager::Secret"),
          ],
        };
        const [name, names] = known[call.slice(0, 2).join(" ")]?.() ?? [];
        expect(names, call.join(" ")).toContain(name);
        expect(optionOf(call, "--region")).toBe(region);
      }
    },
  );

  test.each(mails)("searches for %s lines that a job logs, of the last week", (_name, mail) => {
    for (const call of commandsIn(withNames(mail)).flatMap(callsOf)) {
      if (call[1] !== "filter-log-events") continue;
      const pattern = optionOf(call, "--filter-pattern") ?? "";
      const daysBack = (Date.now() - Number(optionOf(call, "--start-time"))) / (24 * 3_600_000);
      expect(() => parseFilterPattern(pattern)).not.toThrow();
      for (const [, message] of pattern.matchAll(/\$\.message = "([^"]+)"/g))
        expect(code).toMatch(new RegExp(`\\b(info|warn|error)\\("${message}"`));
      expect(Math.round(daysBack)).toBe(7);
    }
  });

  test("waits for the events of start-failed, which SQS may not return at once", () => {
    const [, mail = ""] = mails.find(([name]) => name.endsWith("-start-failed")) ?? [];

    expect(mail).toMatch(/sqs receive-message [^;]* --wait-time-seconds 20 /);
  });

  test("shows for credential-expiring the metric that the alarm watches, of the last week", () => {
    const alarm = alarmsIn(template.toJSON() as JsonTemplate).get("credential-expiring-in-14-days");
    const [call = []] = commandsIn(withNames(flat(alarm?.AlarmDescription))).flatMap(callsOf);
    const watched = alarm?.Metrics?.find(({ MetricStat }) => MetricStat)?.MetricStat;
    const [start, end] = ["--start-time", "--end-time"].map((option) => Number(optionOf(call, option)));

    expect({
      Namespace: optionOf(call, "--namespace"),
      MetricName: optionOf(call, "--metric-name"),
      Statistic: optionOf(call, "--statistics"),
      Period: Number(optionOf(call, "--period")),
    }).toEqual({
      Namespace: watched?.Metric.Namespace,
      MetricName: watched?.Metric.MetricName,
      Statistic: watched?.Stat,
      Period: watched?.Period,
    });
    for (const { Name, Value } of watched?.Metric.Dimensions ?? [])
      expect(call).toContain(`Name=${Name},Value=${Value}`);
    // The command reads the time twice: a second, or a busy minute, may pass in between.
    const spanSeconds = (end ?? 0) - (start ?? 0);
    expect(spanSeconds).toBeGreaterThanOrEqual(7 * 24 * 3_600);
    expect(spanSeconds).toBeLessThan(7 * 24 * 3_600 + 60);
  });

  test.each([
    [{ handbookUrl }, "the name of the settings file or handbookUrl or credentialSecretName"],
    [{}, "the name of the settings file or credentialSecretName"],
  ])(
    "makes synthesis fail, not the deployment, if names are too long for it, and says what to shorten",
    (settings, names) => {
      const open = () =>
        openStack({ settings: { credentialSecretName: "x".repeat(512), jobs: ["check-access"], ...settings } });

      expect(open).toThrow(
        expect.toSatisfy((error) => error instanceof SettingsError && sentence(names).test(error.message)),
      );
    },
  );

  test("names the handbook's file if the settings have no URL", () => {
    const [alarm] = resourcesOf(templateOf(), "AWS::CloudWatch::Alarm");

    expect(flat(alarm?.Properties.AlarmDescription)).toMatch(/\nRead: docs\/operations\.md#[\w-]+$/);
  });
});

const sentence = (names: string) =>
  new RegExp(`^The e-mail of alarm \\S+ may have \\d+ characters, but CloudWatch allows 1024: shorten ${names}$`);

describe("the name of every alarm", () => {
  test("is the stack's with the chapter's, so that the subject of the e-mail contains both", () => {
    for (const { AlarmName } of alarms) expect(chapterOf(String(AlarmName)), String(AlarmName)).not.toBe("");
    expect(new Set(alarms.map(({ AlarmName }) => chapterOf(String(AlarmName))))).toEqual(new Set(chapters));
  });
});
