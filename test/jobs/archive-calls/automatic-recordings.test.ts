import { expect, test } from "vitest";
import { enterLab, s3Client } from "../../../lab/aws/trial/lab-under-test.ts";
import { createBucket, toBody } from "../../../shared/aws/bucket.ts";
import { stateKeys } from "../../../shared/core/object-keys.ts";
import {
  readAutomaticRecordings,
  writeAutomaticRecordings,
} from "../../../shared/jobs/archive-calls/automatic-recordings.ts";

async function enter() {
  const aws = await enterLab();
  return { aws, state: createBucket(s3Client(aws), "state") };
}

test.each(["", "[1]", '{"2026-11-01":"many"}', "not JSON", "null"])(
  "counts of another form (%j) are ignored and replaced",
  async (text) => {
    const { state } = await enter();
    await state.put(stateKeys.automaticRecordings, toBody(text), "application/json");

    expect(await readAutomaticRecordings(state)).toEqual(new Map());
    await writeAutomaticRecordings(state, new Map([["2026-11-01", 3]]));

    expect(await readAutomaticRecordings(state)).toEqual(new Map([["2026-11-01", 3]]));
  },
);

test("stored counts are read again, and written only if they change", async () => {
  const { aws, state } = await enter();
  const counts = new Map([
    ["2026-11-02", 0],
    ["2026-11-01", 3],
  ]);
  await writeAutomaticRecordings(state, counts);

  await writeAutomaticRecordings(state, new Map([...counts].reverse()));
  expect(await readAutomaticRecordings(state)).toEqual(counts);
  expect(aws.counters().puts.stored).toBe(1);

  await writeAutomaticRecordings(state, new Map([...counts, ["2026-11-01", 4]]));
  await writeAutomaticRecordings(state, new Map([["2026-11-01", 4]]));
  expect(await readAutomaticRecordings(state)).toEqual(new Map([["2026-11-01", 4]]));
  expect(aws.counters().puts.stored).toBe(3);
});

test("before the first run there are no counts, and none are written", async () => {
  const { aws, state } = await enter();

  await writeAutomaticRecordings(state, await readAutomaticRecordings(state));

  expect(aws.counters().puts.stored).toBe(0);
});
