import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toBody } from "../../../shared/aws/bucket.ts";
import { type DayFigures, figuresForm, type ShownGroup } from "../../../shared/core/figures/day-figures.ts";
import { derivedKeys } from "../../../shared/core/object-keys.ts";
import type { TableName } from "../../../shared/core/tables/table-schema.ts";
import { countDay } from "../../../shared/jobs/build-pages/count-day.ts";
import { type Cells, createParquetEncoder } from "../../../shared/jobs/build-tables/parquet.ts";
import type { BuiltTable } from "../../../shared/storage/build-index.ts";
import { memoryBucket } from "../../support/storage/memory-bucket.ts";

/** SHA-256 of the figures of sample tables, and the form that they have. */
const file = join(import.meta.dirname, "figures-form.json");
const readStored = async () => JSON.parse(await readFile(file, "utf8"));
const day = "2026-11-01";

const results = [
  ...["Accepted", "Call connected", "Call \u0441onnected", "Answered Elsewhere", "Voicemail", "Sent to Voicemail"],
  ...["Missed", "No Answer", "Busy", "Declined", "Rejected", "Stopped", "IP Phone Offline", "Answered Not Accepted"],
  ...["Callback requested", "Abandoned", "Hang Up", "Something new", undefined],
];

/** Each result in each direction at another hour, and calls of two records, of another type, deleted, vanished and moved. */
function* callRows(): Generator<Cells> {
  const certain = { account: "7", recording_count: 0, short_recording: false, leg_count: 0, type: "Voice" };
  const present = { deleted: false, vanished: false, moved: false };
  const others = [{ type: "Fax" }, { deleted: true }, { vanished: true }, { moved: true }, { session_id: undefined }];
  const changes = [{}, { session_id: "s1" }, ...others];
  let id = 0;
  for (const change of changes)
    for (const direction of ["Inbound", "Outbound", "Sideways"])
      for (const result of results) {
        const local_time = id % 7 === 0 ? undefined : Date.UTC(2026, 10, 1, id % 24);
        yield { ...certain, ...present, id: `c${id}`, session_id: `s${id}`, local_time, direction, result, ...change };
        id++;
      }
}

function* recordingRows(): Generator<Cells> {
  const certain = { call_id: "c", automatic: true, attempts: 1 };
  for (const state of ["stored", "pending", "not-found", "refused", "already-deleted", "lost", "new"])
    for (const [bytes, seconds] of [[1_000, 1.5], [-5, -5], [10 ** 15, 1e16], []])
      yield { ...certain, id: `${state} ${bytes}`, state, bytes, duration_seconds: seconds };
}

const breakdowns: Readonly<Record<string, readonly string[]>> = {
  callsByResponse: ["answered", "notAnswered", "other"],
  callsByResult: ["missed", "voicemail", "abandoned", "accepted"],
  callsByQueueSla: ["inSla", "outOfSla"],
  callsByDirection: ["inbound", "outbound"],
  callsSegments: ["ringing", "liveTalk", "hold", "park"],
  callsSegmentsDuration: ["ringing", "liveTalk", "hold", "park"],
};

/** Every metric of members with and without a key, a name and a number, of the day and of an hour. */
function* analyticsRows(): Generator<Cells> {
  const metrics = Object.entries(breakdowns).flatMap(([metric, all]) => all.map((each) => [metric, each] as const));
  const members = [{ key: "1", name: "One", extension_number: "101" }, { key: "", name: "Two" }, { key: "3" }];
  let value = 0;
  for (const grouped_by of ["Company", "Queues", "Departments", "Users", "Sites"])
    for (const member of members)
      for (const hour_start of [undefined, 3_600_000])
        for (const [metric, breakdown] of [["allCalls", undefined] as const, ...metrics]) {
          value = (value + 7) % 1_000;
          const values = [value / 4, -value, 10 ** 16, undefined];
          for (const each of values)
            yield { grouped_by, ...member, hour_start, metric, breakdown, unit: "Calls", value: each };
        }
}

async function figuresOf(
  rows: Readonly<Partial<Record<TableName, Iterable<Cells>>>>,
  collected: readonly ShownGroup[] = [],
): Promise<DayFigures> {
  const derived = memoryBucket();
  const tables = new Map<TableName, BuiltTable>();
  for (const [name, all] of Object.entries(rows)) {
    const table = name as TableName;
    const encoder = createParquetEncoder(table);
    const parts = [...all].map((row) => encoder.add(row) ?? new Uint8Array());
    const body = toBody(Buffer.concat([...parts, encoder.finish()]));
    const etag = await derived.put(derivedKeys.table(table, day), body, "");
    tables.set(table, { etag, bytes: body.bytes, sha256: body.sha256 });
  }
  return countDay(derived, day, { source: "", tables }, collected);
}

test("the same tables count otherwise only with another form, so that all days are counted again (UPDATE_DOCS=1 stores a raised form)", async () => {
  const figures = [
    await figuresOf({ calls: callRows(), recordings: recordingRows(), analytics: analyticsRows() }),
    await figuresOf({}),
    await figuresOf({}, ["Queues", "Users"]),
  ];

  const content = { form: figuresForm, sha256: createHash("sha256").update(JSON.stringify(figures)).digest("hex") };
  const isRaised = figuresForm > (await readStored()).form;
  if (process.env.UPDATE_DOCS && isRaised) await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
  expect(content, "raise figuresForm in day-figures.ts, then store the figures with UPDATE_DOCS=1").toEqual(
    await readStored(),
  );
});
