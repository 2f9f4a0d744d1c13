import { expect, test } from "vitest";
import type { CallManifest } from "../../../shared/core/calls/call-manifest.ts";
import { openDayHint } from "../../../shared/jobs/archive-calls/open-day-hint.ts";

const day = "2026-11-02";
const at = "2026-11-04T08:30:00.000Z";
const failed = (code: string) => ({ run: "night", at, code });

test.each<readonly [CallManifest["openReasons"], CallManifest["failure"], RegExp]>([
  [
    ["listing-not-settled", "listing-failed"],
    failed("API_BAD_REQUEST"),
    /^Do what .* `day listing failed` of this day/,
  ],
  [["listing-failed"], failed("RELIST_REQUESTED"), /if the next run lists it.*`run failed`/],
  [["listing-failed"], failed("DAY_FILE_CHANGED"), /look for what else writes to this archive/],
  [
    ["listing-not-settled", "listing-shrank"],
    undefined,
    /Company Call Log.*\{"days":\["2026-11-02"\],"acceptShrunk":true\}/,
  ],
  [["listing-not-settled", "recordings-pending"], undefined, /seven nights.*settling.*open an issue/],
  [["recordings-pending"], undefined, /`recording not fetched` of this day/],
])("the hint of a day that is open for %j says what to do", (openReasons, failure, hint) => {
  expect(openDayHint({ day, openReasons, failure })).toMatch(hint);
});

test("a closed day has no hint", () => {
  expect(openDayHint({ day, openReasons: [], failure: undefined })).toBeUndefined();
});
