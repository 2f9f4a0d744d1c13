import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countCalls } from "../../../lab/demo/data-doc.ts";
import { tableNames } from "../../../shared/core/tables/table-schema.ts";
import { type OpenTables, openTables, type ResultRow } from "../../../shared/query/open-tables.ts";
import { asOf } from "../../../shared/query/saved-queries.ts";
import { runTables } from "../../support/build-tables/run-tables.ts";
import { type SampleDay, type SampleRecord, sampleDay } from "../../support/build-tables/sample-days.ts";
import { type GivenDay, newYork, openTablesWorld, saveTables } from "../../support/build-tables/tables-world.ts";

const folder = join(import.meta.dirname, "../../../infra/queries");
/** The second has 25 hours, the third no calls. */
const oct31 = sampleDay("2026-10-31", 60);
const nov1 = sampleDay("2026-11-01", 75);
const days: readonly SampleDay[] = [oct31, nov1, sampleDay("2026-11-02", 0)];
/** More than 30 days before the last: no query counts it. */
const beforeTheSpan = sampleDay("2026-10-02", 40);
let dir: string;
let tables: OpenTables;
let empty: OpenTables;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "nightshift-tables-"));
  const world = await openTablesWorld();
  for (const day of days) await world.give(day === oct31 ? withUncounted(day) : day);
  await world.give(beforeTheSpan);
  await runTables(world);
  await saveTables(world.derived, dir);
  tables = await openTables(dir);
  empty = await openTables("/nowhere");
});
afterAll(async () => {
  tables.close();
  empty.close();
  await rm(dir, { recursive: true });
});

/** With calls that no query counts: ten that have vanished, and five that moved to the day after. */
function withUncounted(day: SampleDay): GivenDay {
  const vanished = day.records.slice(10, 20).map((record) => ({ ...record, id: `vanished-${record.id}` }));
  const moved = nov1.records.slice(0, 5).map((record) => ({ ...record, startTime: "2026-11-01T03:59:50.000Z" }));
  return {
    ...day,
    records: [...day.records, ...vanished, ...moved],
    vanished: vanished.map(({ id }) => id),
    missing: moved.map(({ id }) => id),
  };
}

const requested = new Set<string>();
async function responseTo(name: string): Promise<readonly ResultRow[]> {
  requested.add(name);
  return tables.query(asOf(tables.newestDay, await readFile(join(folder, name), "utf8")));
}

interface DayRecord extends SampleRecord {
  readonly day: string;
}
const records: readonly DayRecord[] = days.flatMap(({ day, records: of }) => of.map((each) => ({ day, ...each })));
const voice = records.filter(({ type, deleted }) => type === "Voice" && !deleted);
const minutesOf = (some: readonly { readonly durationMs?: number }[]) => {
  const known = some.flatMap(({ durationMs }) => durationMs ?? []);
  return known.length === 0 ? null : Math.round(known.reduce((sum, ms) => sum + ms, 0) / 6_000) / 10;
};
/** The two records of a RingOut are one call. */
const callsOf = (some: readonly { readonly sessionId: string }[]) => new Set(some.map((each) => each.sessionId)).size;
const localTime = (instant: string) =>
  new Date(
    `${new Intl.DateTimeFormat("sv-SE", { timeZone: newYork, dateStyle: "short", timeStyle: "medium" }).format(new Date(instant)).replace(" ", "T")}.${instant.slice(20, 23)}Z`,
  );

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

test("the number of calls in data.md counts each session once, from the records that count", async () => {
  const counted = grouped(
    records.filter(({ deleted }) => !deleted),
    ({ day }) => day,
  );

  const expected = [...counted].map(([day, all]) => ({
    day,
    records: all.length,
    calls: callsOf(all),
  }));
  expect(expected.every(({ records, calls }) => calls < records)).toBe(true);
  expect(await tables.query(asOf(tables.newestDay, countCalls))).toEqual(expected);
});

describe("each query answers what the raw records say:", () => {
  test("calls per hour, with twice the calls in the repeated hour of a clock change", async () => {
    const groups = grouped(voice, ({ day, startTime, direction }) =>
      [day, String(localTime(startTime).getUTCHours()).padStart(2, "0"), direction].join(" "),
    );
    const expected = [...groups].map(([key, calls]) => {
      const [day, hour, direction] = key.split(" ");
      return { day, hour: Number(hour), direction, calls: callsOf(calls), minutes: minutesOf(calls) };
    });

    expect(await responseTo("calls-per-hour.sql")).toEqual(expected);
    const onTheSecond = (hour: number) =>
      expected
        .filter((row) => row.day === "2026-11-01" && row.hour === hour)
        .reduce((sum, { calls }) => sum + calls, 0);
    expect(onTheSecond(1)).toBeGreaterThan(onTheSecond(3));
  });

  test("busiest users, each with the name in its calls", async () => {
    const own = voice.filter(({ extension }) => extension);
    const rows = [...grouped(own, ({ extension }) => String(extension?.id))].map(([extension_id, calls]) => {
      const known = calls.flatMap(({ direction, from, to }) => (direction === "Outbound" ? from : to).name ?? []);
      const name = known.sort().at(-1) ?? null;
      return { extension_id, name, calls: callsOf(calls), minutes: minutesOf(calls) };
    });

    expect(await responseTo("busiest-users.sql")).toEqual(rows.sort((a, b) => b.calls - a.calls));
  });

  test("calls without their recording, each with its call", async () => {
    const missing = days.flatMap(({ day, recordings }) => recordings.map((each) => ({ day, ...each })));
    const expected = missing
      .filter(({ state }) => state !== "stored")
      .map(({ day, id, callId, state }) => {
        const call = records.find((each) => each.id === callId);
        return {
          ...{ day, call_id: callId, recording_id: id, state, attempts: 0 },
          local_time: localTime(call?.startTime ?? ""),
          direction: call?.direction,
          from_number: call?.from.phoneNumber,
          to_number: call?.to.phoneNumber,
        };
      })
      .sort((a, b) => (`${a.day} ${a.call_id}` < `${b.day} ${b.call_id}` ? -1 : 1));

    expect(expected.length).toBeGreaterThan(10);
    expect(await responseTo("calls-without-recording.sql")).toEqual(expected);
  });

  test("the longest waits, each until the first answered phone began ringing", async () => {
    const waits = voice.flatMap((call) => {
      const pickedUp = call.legs.filter(({ result, master }) => result !== "Missed" && !master);
      const first = Math.min(...pickedUp.map(({ startTime }) => Date.parse(startTime)));
      if (call.direction !== "Inbound" || pickedUp.length === 0) return [];
      return { call, wait: (first - Date.parse(call.startTime)) / 1000 };
    });
    waits.sort((a, b) => b.wait - a.wait || (`${a.call.day} ${a.call.id}` < `${b.call.day} ${b.call.id}` ? -1 : 1));

    expect(await responseTo("longest-waits.sql")).toEqual(
      waits.slice(0, 20).map(({ call, wait }) => ({
        day: call.day,
        local_time: localTime(call.startTime),
        from_number: call.from.phoneNumber,
        to_name: call.to.name ?? null,
        wait_seconds: wait,
      })),
    );
  });

  test("archived minutes per day", async () => {
    const expected = days.flatMap(({ day, recordings }) => {
      const stored = recordings.filter(({ state }) => state === "stored");
      if (stored.length === 0) return [];
      const calls = stored.map(({ callId }) => records.find(({ id }) => id === callId) ?? {});
      const bytes = stored.reduce((sum, { object }) => sum + (object?.bytes ?? 0), 0);
      return { day, recordings: stored.length, minutes: minutesOf(calls), bytes };
    });

    expect(await responseTo("archived-minutes.sql")).toEqual(expected);
  });

  test("answered, missed and abandoned calls of each queue, without single hours", async () => {
    expect(await responseTo("queue-answers.sql")).toEqual(
      days.flatMap(({ day, records: { length } }) => [
        { day, queue: "901", answered: 1, missed: null, abandoned: null },
        { day, queue: "Sales ☎", answered: length - 5, missed: 3, abandoned: 2 },
      ]),
    );
  });

  test("the call log against the analytics, which here count one call less and two more", async () => {
    const expected = days.flatMap(({ day, records: all }) =>
      (["Inbound", "Outbound"] as const).map((direction) => {
        const ofDirection = all.filter((each) => each.direction === direction);
        const counted = callsOf(ofDirection.filter(({ type, deleted }) => type === "Voice" && !deleted));
        const inAnalytics = callsOf(ofDirection) + (direction === "Inbound" ? -1 : 2);
        return {
          day,
          direction,
          call_log_calls: counted,
          analytics_calls: inAnalytics,
          difference: counted - inAnalytics,
        };
      }),
    );

    expect(await responseTo("call-log-against-analytics.sql")).toEqual(expected);
  });
});

test("every query has its test and runs on an archive without any tables", async () => {
  const files = (await readdir(folder)).sort();

  expect([...requested].sort()).toEqual(files);
  for (const file of files)
    expect(await empty.query(asOf(empty.newestDay, await readFile(join(folder, file), "utf8")))).toEqual([]);
});

test("every query begins with a line that says what it answers, and names tables without quotes", async () => {
  for (const file of await readdir(folder)) {
    const text = await readFile(join(folder, file), "utf8");

    expect(text).toMatch(/^-- [A-Z].*\.\n/);
    // Athena takes a question mark for a parameter.
    expect(text).not.toMatch(/"|;|::|`|\?|read_parquet/);
  }
});

test("every query restricts the day of every table that it reads, so that Athena reads no other folder", async () => {
  for (const file of await readdir(folder)) {
    const text = await readFile(join(folder, file), "utf8");
    const read = [...text.matchAll(/\b(?:FROM|JOIN) (\w+)/g)].flatMap(([, name = ""]) =>
      (tableNames as readonly string[]).includes(name) ? [name] : [],
    );

    expect(read, file).not.toEqual([]);
    for (const table of read) {
      const day = read.length === 1 ? "day" : `${table}.day`;
      expect(text, file).toMatch(
        new RegExp(`\\b(WHERE|AND) ${day} >= CAST\\(CAST\\(current_date - INTERVAL '30' DAY `),
      );
    }
  }
});
