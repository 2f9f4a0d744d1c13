import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { archiveBucket, derivedBucket, stateBucket } from "../../lab/demo/cloud.ts";
import { newYork, openWorld } from "../../lab/demo/world.ts";
import type { Figure } from "./table.ts";

const containers = 20;

/** Measures twenty cold containers that request a token at the same moment. */
export async function tokenFigures(): Promise<readonly Figure[]> {
  const dir = await mkdtemp(join(tmpdir(), "nightshift-token-"));
  const world = await openWorld();
  try {
    await build({
      entryPoints: { index: join(import.meta.dirname, "token-function.ts") },
      outdir: dir,
      outExtension: { ".js": ".mjs" },
      ...{ bundle: true, format: "esm", platform: "node", target: "node24", mainFields: ["module", "main"] },
      banner: { js: "import{createRequire as $c}from'node:module';const require=$c(import.meta.url);" },
    });
    const environment = {
      ARCHIVE_BUCKET: archiveBucket,
      STATE_BUCKET: stateBucket,
      DERIVED_BUCKET: derivedBucket,
      CREDENTIAL_SECRET: "nightshift-credential",
      TIME_ZONE: newYork,
      ARCHIVE_FROM: "2026-11-01",
    };
    world.lambda.deploy({ name: "token", dir, environment, memoryMb: 512 });
    const responses = await Promise.all(Array.from({ length: containers }, () => world.lambda.invoke("token", {})));
    const given = new Set(responses.map(({ payload }) => payload));
    const exchanges = world.ringCentral.counters().tokenExchanges.length;
    const cold = world.lambda.invocations("token").filter(({ coldStart }) => coldStart).length;
    return [
      { what: `token exchanges of ${cold} containers at once`, value: String(exchanges), goal: "1" },
      { what: "different tokens that they were given", value: String(given.size), goal: "1" },
    ];
  } finally {
    await world.stop();
    await rm(dir, { recursive: true, force: true });
  }
}
