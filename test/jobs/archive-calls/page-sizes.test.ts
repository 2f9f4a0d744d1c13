import { describe, expect, test } from "vitest";
import { createPageSizes } from "../../../shared/jobs/archive-calls/page-sizes.ts";
import { maxTextBytes } from "../../../shared/ringcentral/http/client.ts";
import type { RecordBytes } from "../../../shared/storage/cached-account.ts";

test.each([
  ["1,000 records where nothing is known", undefined, 1_000],
  ["1,000 where that many just fit", maxTextBytes / 1_000, 1_000],
  ["500 where 1,000 do not fit", maxTextBytes / 1_000 + 1, 500],
  ["500 where that many just fit", maxTextBytes / 500, 500],
  ["250 where 500 do not fit", maxTextBytes / 500 + 1, 250],
  ["125 where 250 do not fit", maxTextBytes / 250 + 1, 125],
  ["125 however heavy they are: a page that is too large is halved", maxTextBytes, 125],
])("a page has %s", (_rule, lastRecordBytes, records) => {
  const noted = lastRecordBytes === undefined ? undefined : { run: "earlier", lightest: lastRecordBytes };

  expect(createPageSizes("night", noted).recordsPerPage).toBe(records);
});

test("the lightest page of at least 100 records gives the weight of a record, whenever a lighter one comes", () => {
  const sizes = createPageSizes("night", { run: "earlier", lightest: 9_000, before: 1 });
  sizes.add({ records: 99, bytes: 99 });
  expect(sizes.takeChange()).toBeUndefined();

  for (const bytes of [300_050, 200_050, 400_050]) sizes.add({ records: 100, bytes });

  expect(sizes.takeChange()).toEqual({ run: "night", lightest: 2_001, before: 9_000 });
  sizes.add({ records: 100, bytes: 300_050 });
  expect(sizes.takeChange()).toBeUndefined();
});

describe("a later slice of the run", () => {
  const laterSlice = (noted: RecordBytes) => createPageSizes("night", noted);

  test("counts the pages of its earlier slices", () => {
    const sizes = laterSlice({ run: "night", lightest: 700 });
    sizes.add({ records: 100, bytes: 3_000_000 });

    expect(sizes.takeChange()).toBeUndefined();
  });

  test("requests no shorter pages because its own were heavy, but longer ones if one was light", () => {
    expect(laterSlice({ run: "night", lightest: 30_000 }).recordsPerPage).toBe(1_000);
    expect(laterSlice({ run: "night", lightest: 30_000, before: 20_000 }).recordsPerPage).toBe(500);
    expect(laterSlice({ run: "night", lightest: 700, before: 20_000 }).recordsPerPage).toBe(1_000);
  });
});
