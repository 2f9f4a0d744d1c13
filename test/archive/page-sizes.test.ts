import { expect, test } from "vitest";
import { createPageSizes } from "../../shared/archive/page-sizes.ts";
import { maxTextBytes } from "../../shared/ringcentral/client.ts";

test.each([
  ["1,000 records where nothing is known", undefined, 1_000],
  ["1,000 where that many just fit", maxTextBytes / 1_000, 1_000],
  ["500 where 1,000 do not fit", maxTextBytes / 1_000 + 1, 500],
  ["500 where that many just fit", maxTextBytes / 500, 500],
  ["250 where 500 do not fit", maxTextBytes / 500 + 1, 250],
  ["125 where 250 do not fit", maxTextBytes / 250 + 1, 125],
  ["125 however heavy they are: a page that is too large is halved", maxTextBytes, 125],
])("a page has %s", (_rule, lastRecordBytes, records) => {
  expect(createPageSizes(lastRecordBytes).recordsPerPage).toBe(records);
});

test("the lightest page of at least 100 records tells how heavy a record is", () => {
  const sizes = createPageSizes(undefined);
  expect(sizes.recordBytes()).toBeUndefined();

  sizes.add({ records: 99, bytes: 99 });
  expect(sizes.recordBytes()).toBeUndefined();
  for (const bytes of [300_050, 200_050, 400_050]) sizes.add({ records: 100, bytes });

  expect(sizes.recordBytes()).toBe(2_001);
});
