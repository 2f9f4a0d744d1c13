import { expect, test } from "vitest";
import { enterLab, s3Client } from "../../lab/aws/trial/lab-under-test.ts";
import { createBucket, toBody } from "../../shared/aws/bucket.ts";
import { stateKeys } from "../../shared/core/object-keys.ts";
import { readCachedAccount, updateCachedAccount } from "../../shared/storage/cached-account.ts";

async function enter() {
  const aws = await enterLab();
  return { aws, state: createBucket(s3Client(aws), "state") };
}

test("before the first run nothing is known of the account", async () => {
  const { state } = await enter();

  expect(await readCachedAccount(state)).toBeUndefined();
});

test("what was known before stays, and what is known already is not written again", async () => {
  const { aws, state } = await enter();
  await updateCachedAccount(state, { id: "7", heavyPerMinute: 10 });

  await updateCachedAccount(state, { id: "7" });

  expect(await readCachedAccount(state)).toEqual({ id: "7", heavyPerMinute: 10 });
  expect(aws.counters().puts.stored).toBe(1);
});

test("of another account nothing is carried over", async () => {
  const { state } = await enter();
  await updateCachedAccount(state, { id: "7", heavyPerMinute: 40 });

  await updateCachedAccount(state, { id: "8" });

  expect(await readCachedAccount(state)).toEqual({ id: "8" });
});

test.each(["{}", "[]", '{"id":7}'])("a note of another form (%j) is as good as none", async (text) => {
  const { state } = await enter();
  await state.put(stateKeys.account, toBody(text), "application/json");

  expect(await readCachedAccount(state)).toBeUndefined();
});
