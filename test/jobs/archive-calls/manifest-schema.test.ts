import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { CallManifest } from "../../../shared/core/calls/call-manifest.ts";
import { emptyCallManifest } from "../../../shared/core/calls/reduce-call-manifest.ts";
import { type Schema, schemaComplaints } from "../../support/archive-calls/schema-check.ts";
import { enterFastWorld } from "../../support/enter-fast-world.ts";

const file = join(import.meta.dirname, "../../../docs/manifest.schema.json");
const published = async () => JSON.parse(await readFile(file, "utf8")) as Schema;

test("the published schema is that of the code (UPDATE_DOCS=1 writes it anew)", async () => {
  const schema = {
    title: "Nightshift's manifest of one day",
    description: "What a day holds and lacks: manifests/account=<id>/date=<day>.json in the archive bucket.",
    ...z.toJSONSchema(CallManifest),
  };
  if (process.env.UPDATE_DOCS) await writeFile(file, `${JSON.stringify(schema, null, 2)}\n`);

  expect(await published()).toEqual(JSON.parse(JSON.stringify(schema)));
});

test("what is not a manifest is told apart by the published schema", async () => {
  const span = { from: new Date(0), to: new Date(1) };
  const good = emptyCallManifest("7", "2026-11-01", "UTC", span);
  const { totals, ...rest } = good;
  const wrong: readonly unknown[] = [
    rest,
    { ...good, schema: "nightshift/manifest/2" },
    { ...good, revision: 0.5 },
    { ...good, totals: { ...totals, bytes: -1 } },
    { ...good, recordings: [{ id: "r", state: "perhaps", named: "", record: "a" }] },
    { ...good, unheardOf: true },
    [],
  ];
  const schema = await published();

  expect(schemaComplaints(good, schema)).toEqual([]);
  for (const value of wrong) expect(schemaComplaints(value, schema)).toHaveLength(1);
});

test("every manifest of a night is what the published schema says", async () => {
  const faults = [{ on: "recordingContent", times: 3, what: { status: 404 } }] as const;
  const world = await enterFastWorld({ account: { calls: { perDay: 8 } }, faults });
  await world.run("archive-calls");

  const manifests: unknown[] = [];
  const archiveBucket = `${world.name}-archive`;
  for await (const { key } of world.aws.objects(archiveBucket)) {
    if (key.startsWith("manifests/")) manifests.push(JSON.parse((await world.aws.read(archiveBucket, key)).toString()));
  }

  const schema = await published();
  expect(manifests).toHaveLength(3);
  expect(manifests.flatMap((manifest) => schemaComplaints(manifest, schema))).toEqual([]);
});
