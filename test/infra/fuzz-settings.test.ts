import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSettings } from "../../infra/settings.ts";
import { SettingsError } from "../../infra/settings-error.ts";
import { Env } from "../../shared/contract.ts";
import { isDay, isTimeZone } from "../../shared/core/time/days.ts";
import { JobError } from "../../shared/errors.ts";
import { ArchiveEnvironment, settlingRulesOf } from "../../shared/jobs/archive-calls/environment.ts";
import { parseConfig, parseTargets } from "../../shared/runtime/config.ts";
import { expectPrototypesUntouched } from "../support/ringcentral/documented-ends.ts";
import { jsonText, mutated } from "../support/ringcentral/hostile-json.ts";
import { valueOrJobError } from "../support/storage/value-or-job-error.ts";

const runs = { numRuns: 500 };

describe("for any settings file,", () => {
  const key = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  const signingKeyArn = key.replace("1234abcd", "5678abcd");
  const settings = [
    { timeZone: "Europe/Berlin", archiveFrom: "2026-01-01", notify: { actNow: ["ops@example.com"] } },
    { startAt: { "archive-calls": "03:30" }, paused: false, credentialSecretName: "rc", kmsKeyArn: key, signingKeyArn },
    { objectLock: { mode: "governance", days: 365 }, settling: { listingGapHours: 6, settleAfterHours: 24 } },
    { jobs: ["collect-analytics", "build-tables"], athenaScanLimitGb: 10 },
    { analytics: { groups: ["Company", "Users"], metrics: ["callsByDirection"], recollectDays: 7 } },
    { logRetentionDays: 90, aws: { account: "123456789012", region: "eu-central-1" } },
  ];
  const [needed = {}, ...others] = settings;
  const files = fc.oneof(...others.map((other) => mutated({ ...other, ...needed })), mutated(needed), jsonText);

  test("its content is accepted unchanged, or an error names the file and the invalid fields", () => {
    fc.assert(
      fc.property(files, (text) => {
        const json = jsonOf(text);
        try {
          const parsed = parseSettings(json, "settings/acme.json");

          expect(parsed).toEqual(json);
          expect([isTimeZone(parsed.timeZone), isDay(parsed.archiveFrom)]).toEqual([true, true]);
        } catch (error) {
          if (!(error instanceof SettingsError)) throw error;
          expect(error.message).toMatch(/^The settings in settings\/acme\.json are invalid:\n .*: ./s);
        }
        expectPrototypesUntouched();
      }),
      runs,
    );
  });

  test.each(["+05:30", "-08", "+0000"])(
    "%s is not a time zone, because its days would not follow a change of clocks",
    (timeZone) => {
      expect(() => parseSettings({ ...needed, timeZone }, "settings/acme.json")).toThrow("timeZone: ");
    },
  );
});

describe("for any environment of a function,", () => {
  const texts = fc.oneof(
    fc.constantFrom("", " ", "0", "-1", "21600", "9".repeat(400), "1e3", "+05:30", "2026-02-30", "null", "__proto__"),
    fc.string({ unit: "binary" }),
    jsonText,
  );
  const good: Readonly<Record<string, string>> = {
    [Env.archiveBucket]: "archive",
    [Env.stateBucket]: "state",
    [Env.derivedBucket]: "derived",
    [Env.timeZone]: "America/New_York",
    [Env.archiveFrom]: "2026-11-01",
  };
  const names = [...Object.keys(good), Env.listingGap, Env.settleAfter, "__proto__", "OTHER"];
  const corrupted = fc.dictionary(fc.constantFrom(...names), fc.option(texts), { maxKeys: 3 });
  const environments = fc
    .tuple(fc.boolean(), corrupted)
    .map(([whole, others]) => ({ ...(whole && good), ...withoutNull(others) }));

  test("it is valid for a run, or an error names the invalid variables", async () => {
    await fc.assert(
      fc.asyncProperty(environments, async (environment) => {
        const config = await valueOrJobError(() => parseConfig(ArchiveEnvironment, environment));

        if (config instanceof JobError) {
          expect(config.code).toBe("CONFIG_INVALID");
          expect(Object.values(Env).some((name) => config.message.includes(`${name}: `))).toBe(true);
          return;
        }
        expect([isTimeZone(config[Env.timeZone]), isDay(config[Env.archiveFrom])]).toEqual([true, true]);
        for (const ms of Object.values(settlingRulesOf(config))) expect(Number.isSafeInteger(ms)).toBe(true);
      }),
      runs,
    );
  });

  test("functions to start are found by job, or an error names the variable", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(texts, mutated({ "archive-calls": "arn:live" })), async (text) => {
        const targets = await valueOrJobError(() => parseTargets({ [Env.targets]: text }));

        if (targets instanceof JobError) expect(targets.message).toContain(Env.targets);
        else for (const target of Object.values(targets)) expect(target).toBeTypeOf("string");
      }),
      runs,
    );
  });
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function withoutNull(texts: Readonly<Record<string, string | null>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text ?? undefined]));
}
