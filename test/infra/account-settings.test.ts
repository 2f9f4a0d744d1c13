import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AccountSettings, parseAccountSettings, readAccountSettings } from "../../infra/account-settings.ts";

const good = { timeZone: "Europe/Berlin", archiveFrom: "2026-01-01", alarmEmails: ["ops@example.com"] };
const parse = (json: unknown) => parseAccountSettings(json, "accounts/acme.json");

describe("one account's settings", () => {
  test("name every mistake at once, and the file", () => {
    const wrong = {
      timeZone: "Berlin",
      archiveFrom: "2026-02-30",
      alarmEmails: ["ops"],
      startAt: { "archive-calls": "02:15", "make-coffee": "08:00" },
      paused: "yes",
      credentialSecretName: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rc-AbCdEf",
      kmsKeyArn: "alias/nightshift",
      objectLock: { mode: "strict", days: 0 },
      logRetentionDays: 31,
      aws: { account: "123", region: "Frankfurt" },
      retries: 3,
    };

    const fields = [
      "timeZone",
      "archiveFrom",
      "alarmEmails.0",
      "startAt.archive-calls",
      "startAt.make-coffee",
      "paused",
      "credentialSecretName",
      "kmsKeyArn",
      "objectLock.mode",
      "objectLock.days",
      "logRetentionDays",
      "aws.account",
      "aws.region",
      "retries",
    ];
    expect(() => parse(wrong)).toThrow("The settings in accounts/acme.json cannot be used");
    for (const field of fields) expect(() => parse(wrong), field).toThrow(`${field}: `);
  });

  test("quote no value, which may be a secret that was pasted into the wrong place", () => {
    expect(() => parse({ ...good, credentialSecretName: "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl!" })).not.toThrow("eyJ");
    expect(() => parse({ ...good, credentialSecretName: "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl!" })).toThrow(
      "credentialSecretName",
    );
  });

  test("name what is missing", () => {
    expect(() => parse({})).toThrow(/timeZone: .*archiveFrom: .*alarmEmails: /);
  });

  test("refuse alarms that reach nobody", () => {
    expect(() => parse({ ...good, alarmEmails: [] })).toThrow("alarmEmails: names nobody");
  });

  test.each(["01:00", "02:59"])("refuse a start at %s, which a change of clocks may skip", (time) => {
    expect(() => parse({ ...good, startAt: { "archive-calls": time } })).toThrow(
      "startAt.archive-calls: cannot lie between",
    );
  });

  test.each(["00:59", "03:00", "23:59"])("accept a start at %s", (time) => {
    expect(parse({ ...good, startAt: { "archive-calls": time } }).startAt).toEqual({ "archive-calls": time });
  });

  test("are all told of in the handbook", () => {
    const handbook = readFileSync(join(import.meta.dirname, "..", "..", "docs", "operations.md"), "utf8");
    const told = [...handbook.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);

    expect(told.filter((name) => !/^[A-Z_]+$/.test(name ?? ""))).toEqual(Object.keys(AccountSettings.shape));
  });

  test("need three fields and no more", () => {
    expect(parse(good)).toEqual(good);
  });
});

describe("the account that is chosen", () => {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-accounts-"));
  writeFileSync(join(folder, "acme.json"), JSON.stringify(good));
  writeFileSync(join(folder, "broken.json"), "{ timeZone: ");

  test.each([undefined, "nobody", "../acme", 7])(
    "is refused where it is %s, and the answer says which there are",
    (account) => {
      expect(() => readAccountSettings(folder, account)).toThrow("one of acme, broken in ");
    },
  );

  test("is refused where no folder of settings is", () => {
    expect(() => readAccountSettings(join(folder, "none"), "acme")).toThrow("none yet");
  });

  test("is refused where its file is not JSON", () => {
    expect(() => readAccountSettings(folder, "broken")).toThrow(/broken\.json are not JSON/);
  });

  test("is read from the file of its name", () => {
    expect(readAccountSettings(folder, "acme")).toEqual(good);
  });

  test("has an example that can be used", () => {
    const accounts = join(import.meta.dirname, "..", "..", "infra", "accounts");

    expect(readAccountSettings(accounts, "example").timeZone).toBeTypeOf("string");
  });
});
