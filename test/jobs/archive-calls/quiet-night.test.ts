import { expect, test } from "vitest";
import { enterFastWorld } from "../../support/enter-fast-world.ts";
import { countS3Operations } from "../../support/s3-operations.ts";

/** One new day is listed and three recordings are stored; the day before is listed again and closed. */
const eachNight = { GET: 32, LIST: 8, HEAD: 9, PUT: 21 };

test("a quiet night takes 32 GET and 8 LIST requests, however many nights came before", async () => {
  const world = await enterFastWorld({ account: { firstDay: "2026-11-01", calls: { perDay: 6 } } });
  const nextNight = () => {
    world.clock.advance(24 * 3_600_000);
    const { onRequest, read } = countS3Operations();
    return world.run("archive-calls", { onRequest }).then((run) => ({ ...run, operations: read() }));
  };
  await world.run("archive-calls");
  await nextNight();

  for (let night = 3; night <= 6; night++) {
    const { error, operations } = await nextNight();

    expect(error).toBeUndefined();
    expect([night, operations]).toEqual([night, eachNight]);
  }
});
