import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { createDirectS3 } from "../../../lab/aws/direct-clients.ts";
import { smallAccount } from "../../support/collect-analytics/small-account.ts";
import { enterFastWorld } from "../../support/enter-fast-world.ts";

const day = "date=2026-11-01";

test("a ledger that is cut after a night in which its newest entry was unreadable is still found by the head before", async () => {
  const world = await enterFastWorld({ account: { ...smallAccount, calls: { perDay: 3 } } });
  const newest = /^ledger\/.*\/00000002/;
  for (let night = 0; night < 2; night++) {
    await world.run("archive-calls");
    world.clock.advance(24 * 3_600_000);
  }
  await world.run("verify-archive");
  const what = { status: 500, code: "InternalError" };
  world.aws.plan({ on: { operation: "GetObject", key: newest }, what, times: "always" });
  world.clock.advance(24 * 3_600_000);
  await world.run("verify-archive");
  world.aws.clearFaults();
  const client = createDirectS3(world.aws.unsignedHandler);
  for await (const { key: Key } of world.archive.list("ledger/"))
    if (newest.test(Key)) await client.send(new DeleteObjectCommand({ Bucket: `${world.name}-archive`, Key }));
  world.clock.advance(24 * 3_600_000);

  const { logged } = await world.run("verify-archive");

  expect(logged.filter((line) => line.includes("ledger-anchor-missing"))).toHaveLength(1);
});

test.each([
  ["recording", new RegExp(`^recordings/.*${day}/`), "HeadObject", "object-unreadable"],
  ["manifest", new RegExp(`^manifests/.*${day}`), "GetObject", "manifest-unreadable"],
  ["ledger entry", /^ledger\/.*\/00000001/, "GetObject", "ledger-entry-unreadable"],
] as const)("a %s that S3 answers with 500 each time is a finding, and the report says so", async (...row) => {
  const [, key, operation, code] = row;
  const world = await enterFastWorld({ account: { ...smallAccount, calls: { perDay: 3 } } });
  for (let night = 0; night < 2; night++) {
    await world.run("archive-calls");
    world.clock.advance(24 * 3_600_000);
  }
  world.aws.plan({ on: { operation, key }, what: { status: 500, code: "InternalError" }, times: "always" });

  const { report, logged } = await world.run("verify-archive", { request: { parts: 28 } });

  expect(report).toMatchObject({ status: "finished" });
  const found = logged.map((line) => JSON.parse(line)).filter(({ message }) => message === "archive altered");
  expect(found.map(({ facts }) => [facts.code, facts.key])).toContainEqual([code, expect.stringMatching(key)]);
});
