import { expect, test } from "vitest";
import { accountsIn } from "../../shared/audit/choose-account.ts";
import { aggregates } from "../../shared/core/day-aggregate.ts";
import { memoryBucket } from "../support/storage/memory-bucket.ts";

const roots = Object.values(aggregates).map(({ root }) => root);
const keys = roots.flatMap((root) => [
  `${root}manifests/account=8/date=2026-11-01.json`,
  `${root}ledger/account=9/00000001.json`,
]);

test.each(keys)("an account is known by %s, even if nothing else of it is left", async (key) => {
  expect(await accountsIn(memoryBucket({ [key]: Buffer.from("{}") }))).toEqual([
    key.includes("/account=8/") ? "8" : "9",
  ]);
});
