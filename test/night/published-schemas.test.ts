import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { AnalyticsManifest } from "../../shared/core/analytics/analytics-manifest.ts";
import { CallManifest } from "../../shared/core/calls/call-manifest.ts";
import { emptyCallManifest } from "../../shared/core/calls/reduce-call-manifest.ts";
import { LedgerEntry } from "../../shared/core/ledger.ts";
import { VerificationManifest } from "../../shared/core/verification-manifest.ts";
import { VerificationReport } from "../../shared/core/verification-report.ts";
import { enterFastWorld } from "../support/enter-fast-world.ts";

const schemas = {
  "calls-manifest": {
    title: "Nightshift: manifest of one day's calls",
    description: "What a day of calls holds and lacks: manifests/account=<id>/date=<day>.json in the archive bucket.",
    schema: CallManifest,
  },
  "analytics-manifest": {
    title: "Nightshift: manifest of one day's analytics",
    description:
      "What a day of analytics holds and lacks: analytics/manifests/account=<id>/date=<day>.json in the archive bucket.",
    schema: AnalyticsManifest,
  },
  "ledger-entry": {
    title: "Nightshift: one entry of a ledger",
    description:
      "One link of the hash chain over manifests: ledger/account=<id>/<n>.json and analytics/ledger/account=<id>/<n>.json in the archive bucket.",
    schema: LedgerEntry,
  },
  "verifications-manifest": {
    title: "Nightshift: report of one night's verification",
    description:
      "What verify-archive looked at and found: verifications/manifests/account=<id>/date=<day>.json in the archive bucket.",
    schema: VerificationManifest,
  },
  "verification-report": {
    title: "Nightshift: report of a verification",
    description: "What nightshift verify looked at, how deeply, and what it found: the file of --report.",
    schema: VerificationReport,
  },
} as const;
type SchemaName = keyof typeof schemas;
const names = Object.keys(schemas) as SchemaName[];

const fileOf = (name: SchemaName) => join(import.meta.dirname, `../../docs/schemas/${name}.schema.json`);
const published = async (name: SchemaName): Promise<object> => JSON.parse(await readFile(fileOf(name), "utf8"));
const checkerOf = async (name: SchemaName) => new Ajv2020({ allErrors: true }).compile(await published(name));

/** Returns ajv's errors of `value`, by path. */
function errorsIn(check: ValidateFunction, value: unknown): string[] {
  return check(value) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

test.each(names)("the published schema %s is the code's (UPDATE_DOCS=1 writes it)", async (name) => {
  const { title, description, schema } = schemas[name];
  const json = { title, description, ...z.toJSONSchema(schema) };
  if (process.env.UPDATE_DOCS) await writeFile(fileOf(name), `${JSON.stringify(json, null, 2)}\n`);

  expect(await published(name)).toEqual(JSON.parse(JSON.stringify(json)));
});

test("the published schema rejects an invalid manifest", async () => {
  const span = { from: new Date(0), to: new Date(1) };
  const good = emptyCallManifest("7", "2026-11-01", "UTC", span);
  const { totals, ...rest } = good;
  const invalid: readonly unknown[] = [
    rest,
    { ...good, schema: "nightshift/calls-manifest/2" },
    { ...good, revision: 0.5 },
    { ...good, totals: { ...totals, bytes: -1 } },
    { ...good, recordings: [{ id: "r", state: "perhaps", firstSeenAt: "", callId: "a" }] },
    { ...good, unheardOf: true },
    [],
  ];
  const check = await checkerOf("calls-manifest");

  expect(errorsIn(check, good)).toEqual([]);
  for (const value of invalid) expect(errorsIn(check, value)).toHaveLength(1);
});

test("every manifest and ledger entry of a night is valid under the published schemas", async () => {
  const faults = [{ on: "recordingContent", times: 3, what: { status: 404 } }] as const;
  const environment = { ANALYTICS_GROUPS: "Company,Users" };
  const world = await enterFastWorld({
    account: { calls: { perDay: 4 }, organisation: { users: 3, queues: 1 } },
    faults,
    environment,
  });
  await world.run("archive-calls");
  await world.run("collect-analytics");
  await world.run("verify-archive");

  const archiveBucket = `${world.name}-archive`;
  const kinds: readonly (readonly [RegExp, SchemaName])[] = [
    [/^manifests\//, "calls-manifest"],
    [/^analytics\/manifests\//, "analytics-manifest"],
    [/^verifications\/manifests\//, "verifications-manifest"],
    [/^(?:\w+\/)?ledger\//, "ledger-entry"],
  ];
  const found = new Set<SchemaName>();
  const errors: string[] = [];
  for await (const { key } of world.aws.objects(archiveBucket)) {
    const name = kinds.find(([pattern]) => pattern.test(key))?.[1];
    if (!name) continue;
    found.add(name);
    const json: unknown = JSON.parse((await world.aws.read(archiveBucket, key)).toString());
    errors.push(...errorsIn(await checkerOf(name), json).map((error) => `${key} ${error}`));
  }

  expect(errors).toEqual([]);
  // The report is a user's file: test/cli/verify-report.test.ts.
  expect([...found].sort()).toEqual(names.filter((name) => name !== "verification-report").sort());
});
