import { describe, expect, test } from "vitest";
import { type Bucket, toBody } from "../../shared/aws/bucket.ts";
import { aggregateKeys } from "../../shared/core/object-keys.ts";
import { JobError } from "../../shared/errors.ts";
import { appendEvents } from "../../shared/storage/day-events.ts";
import { storedJson, zippedJson } from "../../shared/storage/stored-json.ts";
import { closedDay, listed } from "../support/core/day-events.ts";
import { type ArchiveWorld, account, addToLedger, aggregate, openArchive } from "../support/storage/archive-world.ts";
import { readLedgerManifests } from "../support/storage/read-ledger.ts";

const [first, second] = ["2026-11-01", "2026-11-02"] as const;
const dayMs = 24 * 3_600_000;
const indexKey = aggregateKeys.calls.dayIndex(account);
const manifestKey = aggregateKeys.calls.manifest(account, first);

/** Counts the requests of one store, by operation. */
function counting(bucket: Bucket) {
  const keys: string[] = [];
  const counted: Bucket = {
    ...bucket,
    get: (key) => {
      keys.push(`get ${key}`);
      return bucket.get(key);
    },
    list: (prefix, after) => {
      keys.push(`list ${prefix}`);
      return bucket.list(prefix, after);
    },
  };
  return { counted, keys };
}
const storeOf = (world: ArchiveWorld, buckets: Partial<Pick<ArchiveWorld, "archive" | "state">> = {}) =>
  world.services("run", buckets).dayStore(account);
const closedIn = async (world: ArchiveWorld) => [...(await storeOf(world).list()).closed];
async function changeIndex(world: ArchiveWorld, change: (index: Record<string, unknown>) => object): Promise<void> {
  const stored = await world.state.get(indexKey);
  const index = (stored && storedJson(stored.body)) as Record<string, unknown>;
  await world.state.put(indexKey, zippedJson(change(index)), "application/gzip");
}

describe("a day store", () => {
  test("reads a day once, and adds the events that it appends itself", async () => {
    const world = await openArchive();
    await world.writeDay(first, [listed(1, ["a"])]);
    const [archive, state] = [counting(world.archive), counting(world.state)];
    const store = storeOf(world, { archive: archive.counted, state: state.counted });
    await store.read(first);
    const requests = [...archive.keys, ...state.keys].length;

    await store.append(first, "listing", [listed(2, ["a", "b"])]);
    const { manifest } = await store.read(first);

    expect(manifest.recordings.map(({ id }) => id)).toEqual(["a", "b"]);
    expect([...archive.keys, ...state.keys]).toHaveLength(requests);
  });

  test("commits events that another run stored after it had read the day", async () => {
    const world = await openArchive();
    const store = storeOf(world);
    await store.append(first, "listing", [listed(1, ["a"])]);
    await store.read(first);
    await appendEvents({ ...world, aggregate, account }, { day: first, run: "superseded", name: "late" }, [
      listed(2, ["b"]),
    ]);

    const committed = await store.commit(first, ({ manifest }) => manifest);

    expect(committed?.manifest.recordings.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  test("commits again, with the other's facts, if another run has written the manifest", async () => {
    const world = await openArchive();
    const store = storeOf(world);
    await store.read(first);
    await world.writeDay(first, [listed(2, ["b"])], "other");
    await store.append(first, "listing", [listed(1, ["a"])]);

    const committed = await store.commit(first, ({ manifest }) => manifest);

    expect(committed).toMatchObject({ isWritten: true, manifest: { revision: 2 } });
    expect(committed?.manifest.recordings.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  test("writes nothing if the manifest is up to date", async () => {
    const world = await openArchive();
    await world.writeDay(first, [listed(1, ["a"])]);

    const committed = await storeOf(world).commit(first, ({ manifest }) => manifest);

    expect(committed).toMatchObject({ isWritten: false, manifest: { revision: 1 } });
  });

  test("knows its own write whose response was lost", async () => {
    const world = await openArchive();
    world.aws.plan({ on: { operation: "PutObject", key: manifestKey }, what: "lostResponse" });
    const store = storeOf(world);
    await store.append(first, "listing", [listed(1, ["a"])]);

    const committed = await store.commit(first, ({ manifest }) => manifest);

    expect(committed).toMatchObject({ isWritten: true, manifest: { revision: 1 } });
  });
});

describe("the index of days", () => {
  test("names a closed day, so that its manifest is not read again", async () => {
    const world = await openArchive();
    await world.writeDay(first, closedDay(["a"]));
    await world.writeDay(second, [listed(1, ["b"])]);
    await world.writeIndex();

    expect(await closedIn(world)).toEqual([first]);
  });

  test("says nothing of a manifest that was written after it", async () => {
    const world = await openArchive();
    await world.writeDay(first, closedDay(["a"]));
    await world.writeIndex();
    await world.writeDay(first);

    expect(await closedIn(world)).toEqual([]);
  });

  test("does not hide a closed day whose manifest was edited: the next run reads and rejects it", async () => {
    const world = await openArchive();
    await world.writeDay(first, closedDay(["a"]));
    await world.writeIndex();
    const text = (await world.archive.get(manifestKey))?.body.toString() ?? "";
    await world.archive.put(
      manifestKey,
      toBody(text.replace('"vanished": []', '"vanished": ["x"]')),
      "application/json",
    );

    expect(await closedIn(world)).toEqual([]);
    await expect(storeOf(world).read(first)).rejects.toMatchObject({ code: "STORAGE_INVALID" });
  });

  test("of a run that was killed before it wrote it costs the next run one reading of each day that it closed", async () => {
    const world = await openArchive();
    await world.writeIndex();
    await world.writeDay(first, closedDay(["a"]));

    const store = storeOf(world);
    const { begun, closed } = await store.list();
    const { isClosed } = await store.read(first);
    await store.saveIndex();

    expect([[...begun], [...closed], isClosed]).toEqual([[first], [], true]);
    expect(await closedIn(world)).toEqual([first]);
  });

  test("with a forged entry hides an open day for 30 days at most", async () => {
    const world = await openArchive();
    await world.writeDay(first, [listed(1, ["a"])]);
    await world.writeIndex();
    const etag = (await world.archive.head(manifestKey))?.etag;
    await changeIndex(world, (index) => ({ ...index, days: { [first]: { etag, status: "closed" } } }));
    expect(await closedIn(world)).toEqual([first]);

    world.clock.advance(30 * dayMs);

    expect(await closedIn(world)).toEqual([]);
    await world.writeIndex();
    expect(await closedIn(world)).toEqual([]);
  });

  test.each([
    ["damaged", (world: ArchiveWorld) => world.state.put(indexKey, toBody("{"), "application/gzip")],
    ["of other rules", (world: ArchiveWorld) => changeIndex(world, (index) => ({ ...index, rules: "other" }))],
    ["of another account", (world: ArchiveWorld) => changeIndex(world, (index) => ({ ...index, account: "8" }))],
  ])("is written again if it is %s", async (_what, corrupt) => {
    const world = await openArchive();
    await world.writeDay(first, closedDay(["a"]));
    await world.writeIndex();
    await corrupt(world);
    expect(await closedIn(world)).toEqual([]);

    await world.writeIndex();

    expect(await closedIn(world)).toEqual([first]);
  });

  test("can be lost with the whole state bucket: days and ledger continue from the archive", async () => {
    const world = await openArchive();
    const sha256 = await world.writeDay(first, closedDay(["a"]));
    await addToLedger(world.services("run 1"));
    const empty = await openArchive();
    const services = world.services("run 2", { state: empty.state });

    const { closed } = await services.dayStore(account).list();
    const { isClosed } = await services.dayStore(account).read(first);
    const number = await addToLedger(services);

    expect([[...closed], isClosed, number]).toEqual([[], true, undefined]);
    expect(await readLedgerManifests(world)).toEqual([[`${first} ${sha256}`]]);
    expect([...(await world.services("run 3", { state: empty.state }).dayStore(account).list()).closed]).toEqual([
      first,
    ]);
  });

  test("shows a day as open while a run changes it, so that a killed run's events are found", async () => {
    const world = await openArchive();
    await world.writeDay(first, closedDay(["a"]));
    await world.writeIndex();

    await storeOf(world).saveIndex([first]);

    expect(await closedIn(world)).toEqual([]);
  });

  test("names the days that a run has begun, before they have a manifest", async () => {
    const world = await openArchive();
    await world.writeIndex();
    await storeOf(world).saveIndex([second]);

    expect([...(await storeOf(world).list()).begun]).toEqual([second]);
  });

  test("keeps the entries of a run that wrote it in between", async () => {
    const world = await openArchive();
    await world.writeDay(first, closedDay(["a"]));
    await world.writeDay(second, closedDay(["b"]));
    await storeOf(world).saveIndex();
    const [one, other] = [storeOf(world), storeOf(world)];
    for (const store of [one, other]) await store.list();
    await one.read(first);
    await other.read(second);

    await one.saveIndex();
    await other.saveIndex();

    expect(await closedIn(world)).toEqual([first, second]);
  });

  test("that S3 denies is left as it is, and every day is read", async () => {
    const world = await openArchive();
    await world.writeDay(first, closedDay(["a"]));
    await world.writeIndex();
    const before = (await world.state.head(indexKey))?.etag;
    world.aws.plan({ on: { key: indexKey }, what: { status: 403, code: "AccessDenied" }, times: "always" });

    expect(await closedIn(world)).toEqual([]);
    await expect(storeOf(world).saveIndex()).rejects.toMatchObject({ code: "STORAGE_FAILED" });

    world.aws.clearFaults();
    expect((await world.state.head(indexKey))?.etag).toBe(before);
  });

  test("that S3 denied only once is written when it is saved", async () => {
    const world = await openArchive();
    await world.writeDay(first, closedDay(["a"]));
    let denials = 0;
    const get: Bucket["get"] = (key) =>
      key === indexKey && denials++ === 0
        ? Promise.reject(new JobError("STORAGE_FAILED", "GetObject answered 403"))
        : world.state.get(key);
    const store = storeOf(world, { state: { ...world.state, get } });
    await store.list();
    await store.read(first);

    await store.saveIndex();

    expect(await closedIn(world)).toEqual([first]);
  });

  test("is not written if nothing has changed", async () => {
    const world = await openArchive();
    await world.writeDay(first, closedDay(["a"]));
    await world.writeIndex();
    const before = (await world.state.get(indexKey))?.lastModified;
    world.clock.advance(dayMs);

    await world.writeIndex();

    expect((await world.state.get(indexKey))?.lastModified).toEqual(before);
  });

  test("gives the counts of closed days", async () => {
    const world = await openArchive();
    await world.writeDay(first, closedDay(["a"]));
    await world.writeIndex();

    expect(await storeOf(world).counts()).toEqual(new Map([[first, expect.objectContaining({ recordings: 1 })]]));
  });
});
