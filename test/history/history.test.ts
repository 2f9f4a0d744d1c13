import { existsSync, globSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { verifyBucket } from "../../lab/demo/verify-in-lab.ts";
import { enterFastWorld } from "../support/enter-fast-world.ts";
import type { FastRun } from "../support/fast-run.ts";
import type { FastWorld } from "../support/fast-world.ts";
import { storeBundles } from "./stored-bundles.ts";
import { company, days, enterHistory, historyFile, readHistory, takeHistory } from "./stored-history.ts";

const versions = globSync("*.json.gz", { cwd: import.meta.dirname }).map((file) => file.replace(".json.gz", ""));
const accountId = (world: FastWorld) => world.ringCentral().truth().accountId;
const statuses = async (world: FastWorld) =>
  Object.fromEntries(Object.entries(await world.manifests()).map(([day, { status }]) => [day, status]));
const allClosed = Object.fromEntries(days.map((day) => [day, "closed"]));
/** The next night of the jobs that write the archive. */
const nextArchiveNight = async (world: FastWorld) => {
  await world.pass(24 * 3_600_000);
  return [await world.run("archive-calls"), await world.run("collect-analytics")];
};
const archiveRuns = (nights: readonly FastRun[]) => nights.filter(({ job }) => job === "archive-calls");
const downloadsIn = (requests: readonly string[]) => requests.filter((request) => request.includes("/content"));

/** `WRITE_HISTORY=<name>` stores two nights of this version. A stored history is never written again. */
test.runIf(process.env.WRITE_HISTORY)(
  "two nights of this version and its bundles are stored as a history",
  async () => {
    const file = historyFile(process.env.WRITE_HISTORY ?? "");
    expect(existsSync(file)).toBe(false);
    const world = await enterFastWorld(company);
    await world.night();
    await world.nextNight();

    writeFileSync(file, gzipSync(JSON.stringify(await takeHistory(world))));
    storeBundles(process.env.WRITE_HISTORY ?? "");
  },
);

test("there is a history of every version that wrote an archive", () => {
  expect(versions).toContain("1");
});

describe.each(versions)("an archive that version %s has left", (version) => {
  test("is verified without a finding", async () => {
    const world = await enterHistory(readHistory(version));

    const { findings, verification } = await verifyBucket(world.archive, accountId(world));

    expect(findings).toEqual([]);
    expect(verification.days).toBe(3);
  });

  test("is continued by the next nights: every day closes, and nothing is fetched again", async () => {
    const world = await enterHistory(readHistory(version));

    const nights = [...(await world.nextNight()), ...(await nextArchiveNight(world))];

    expect(nights.flatMap(({ error }) => error ?? [])).toEqual([]);
    expect(await statuses(world)).toMatchObject(allClosed);
    expect(downloadsIn(archiveRuns(nights).flatMap(({ requests }) => requests))).toEqual([]);
    expect((await verifyBucket(world.archive, accountId(world))).findings).toEqual([]);
  });

  test("can be listed again on request, from its closed days on", async () => {
    const world = await enterHistory(readHistory(version));
    await nextArchiveNight(world);

    const run = await world.run("archive-calls", { request: { days: [days[0]], relist: true } });

    expect(run.error).toBeUndefined();
    expect((await statuses(world))[days[0]]).toBe("closed");
    expect(downloadsIn(run.requests)).toEqual([]);
  });

  test("is continued if the state bucket is lost", async () => {
    const history = readHistory(version);
    const world = await enterHistory({
      ...history,
      objects: history.objects.filter(({ bucket }) => bucket !== "state"),
    });

    const nights = [...(await world.nextNight()), ...(await nextArchiveNight(world))];

    expect(nights.flatMap(({ error }) => error ?? [])).toEqual([]);
    expect(await statuses(world)).toMatchObject(allClosed);
    expect((await verifyBucket(world.archive, accountId(world))).findings).toEqual([]);
  });
});
