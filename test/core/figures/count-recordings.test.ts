import { expect, test } from "vitest";
import { createRecordingCount, noRecordings } from "../../../shared/core/figures/count-recordings.ts";

const states = ["stored", "pending", "not-found", "refused", "already-deleted", "lost"];

test("recordings count by state; only those that are stored add their bytes and the duration of their calls", () => {
  const count = createRecordingCount();
  for (const state of states) count.add({ call_id: state, state, bytes: 10, duration_seconds: 2.5 });
  count.add({ call_id: "a", state: "stored", bytes: undefined, duration_seconds: undefined });
  count.add({ call_id: "b", state: "of a later version", bytes: 10, duration_seconds: 1 });

  expect(count.figures()).toEqual({
    ...{ stored: 2, pending: 1, notFound: 1, refused: 1, alreadyDeleted: 1, lost: 1 },
    ...{ bytes: 10, seconds: 2.5 },
  });
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 1e308])(
  "a recording of %d seconds or bytes counts as one, and adds nothing",
  (value) => {
    const count = createRecordingCount();
    count.add({ call_id: "a", state: "stored", bytes: value, duration_seconds: value });

    expect(count.figures()).toEqual({ ...noRecordings, stored: 1 });
  },
);

test("a call with two recordings lasted once", () => {
  const count = createRecordingCount();
  for (const call_id of ["a", "a", "b"]) count.add({ call_id, state: "stored", bytes: 10, duration_seconds: 60 });

  expect(count.figures()).toMatchObject({ stored: 3, bytes: 30, seconds: 120 });
});

test("a day without recordings has none", () => {
  expect(createRecordingCount().figures()).toEqual(noRecordings);
});
