import { afterEach, expect, test } from "vitest";
import { archiveBucket } from "./cloud.ts";
import { openWorld, type World } from "./world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

test("smoke", async () => {
  world = await openWorld({ ringCentral: { account: { calls: { perDay: 10 } } }, environment: {} });
  const began = performance.now();
  const run = await world.night("collect-analytics");
  console.log(run.status, run.error, run.result, performance.now() - began);
  const keys: string[] = [];
  for await (const { key, bytes } of world.aws.objects(archiveBucket) as AsyncIterable<any>)
    keys.push(`${key} ${bytes}`);
  console.log(keys.length, keys.slice(0, 5), keys.slice(-8));
  console.log(
    world.ringCentral.counters().byGroup,
    world.ringCentral.counters().limited,
    world.ringCentral.counters().tokenExchanges.length,
  );
}, 120_000);
