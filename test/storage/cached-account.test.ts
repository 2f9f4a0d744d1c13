import { expect, test } from "vitest";
import { toBody } from "../../shared/aws/bucket.ts";
import { stateKeys } from "../../shared/core/object-keys.ts";
import { readCachedAccount, updateCachedAccount } from "../../shared/storage/cached-account.ts";
import { openS3 } from "../support/aws/open-s3.ts";

test("before the first run there is no cached account", async () => {
  const { state } = await openS3();

  expect(await readCachedAccount(state)).toBeUndefined();
});

test("known facts stay, and are written only if they change", async () => {
  const { aws, state } = await openS3();
  await updateCachedAccount(state, { id: "7", heavyPerMinute: 10 });

  await updateCachedAccount(state, { id: "7" });

  expect(await readCachedAccount(state)).toEqual({ id: "7", heavyPerMinute: 10 });
  expect(aws.counters().puts.stored).toBe(1);
});

test("no fact of another account is carried over", async () => {
  const { state } = await openS3();
  await updateCachedAccount(state, { id: "7", heavyPerMinute: 40 });

  await updateCachedAccount(state, { id: "8" });

  expect(await readCachedAccount(state)).toEqual({ id: "8" });
});

test.each(["{}", "[]", '{"id":7}'])("a cached account of another form (%j) is ignored", async (text) => {
  const { state } = await openS3();
  await state.put(stateKeys.account, toBody(text), "application/json");

  expect(await readCachedAccount(state)).toBeUndefined();
});
