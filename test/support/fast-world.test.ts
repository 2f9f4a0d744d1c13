import { expect, test } from "vitest";
import { type ArchiveContents, differencesFromTruth, readArchive } from "../../lab/demo/archive-contents.ts";
import type { JobDeployment } from "../../shared/job-deployment.ts";
import { jobs, jobsInTurn } from "../../shared/jobs.ts";
import { tablesIn } from "./build-tables/tables-world.ts";
import { enterFastWorld } from "./enter-fast-world.ts";
import { type FastWorld, type FastWorldOptions, openFastWorld } from "./fast-world.ts";
import { once } from "./once.ts";

const account = { calls: { perDay: 4 }, organisation: { users: 2, queues: 1, sites: 1, departments: 1, ivrs: 1 } };
const environment = { ANALYTICS_GROUPS: "Company", ANALYTICS_METRICS: "allCalls" };
const days = ["2026-11-01", "2026-11-02", "2026-11-03"] as const;

const contentsOf = ({ aws, name }: FastWorld): Promise<ArchiveContents> => readArchive({ aws }, `${name}-archive`);

/** Returns the archive after two nights in a separate world, of a day each, of the jobs that write to it. */
async function twoNights(options: FastWorldOptions = {}): Promise<ArchiveContents> {
  const world = await openFastWorld({ account, environment, start: new Date("2026-11-02T08:30:00Z"), ...options });
  const night = async () => {
    for (const job of ["archive-calls", "collect-analytics"] as const) await world.run(job);
  };
  try {
    await night();
    await world.pass(24 * 3_600_000);
    await night();
    return await contentsOf(world);
  } finally {
    world.close();
  }
}

const undisturbed = once(() => twoNights());

test("a night archives in process what RingCentral has, with the jobs' own wiring", async () => {
  const world = await enterFastWorld({ account, environment });

  const runs = await world.night();

  expect(runs.map(({ job, report }) => [job, report?.status])).toEqual(jobsInTurn.map((job) => [job, "finished"]));
  const { other, ...archive } = await contentsOf(world);
  expect(differencesFromTruth({ ringCentral: world.ringCentral() }, { ...archive, other: [] }, days)).toEqual([]);
  const written = Object.values<JobDeployment>(jobs).flatMap(({ writes, writesOnly }) => [
    ...(writes.archive ?? []),
    ...(writesOnly?.archive ?? []),
  ]);
  expect(other.some((key) => key.startsWith("analytics/"))).toBe(true);
  expect(other.filter((key) => !written.some((prefix) => key.startsWith(prefix)))).toEqual([]);
  expect(Object.keys(await tablesIn(world.derived))).not.toEqual([]);
  expect(world.ringCentral().counters()).toMatchObject({ limited: 0, tokenExchanges: { length: 1 } });
});

test("the same seed leaves the same archive to the last manifest, and another seed another", async () => {
  const [one, again] = [await undisturbed(), await twoNights()];
  const other = await enterFastWorld({ account, environment, seed: 2 });
  await other.run("archive-calls");

  expect(again).toEqual(one);
  const [callsOfOne, callsOfOther] = [one.calls, (await contentsOf(other)).calls].map((calls) => calls[days[0]]);
  expect(callsOfOther?.length).toBeGreaterThan(0);
  expect(callsOfOther).not.toEqual(callsOfOne);
});

test("the SDK's own clients leave the same archive as their replacements", async () => {
  const withoutNonces = ({ ledger, ...archive }: ArchiveContents) => ({
    ...archive,
    ledger: ledger.map(({ nonce, previousSha256, ...entry }) => entry),
  });

  expect(withoutNonces(await twoNights({ sdk: true }))).toEqual(withoutNonces(await undisturbed()));
});

test("a run continues in another container after one has died, and stores nothing twice", async () => {
  const world = await enterFastWorld({ account, environment });
  const { operations } = await (await world.stack("undisturbed")).run("archive-calls");

  const deaths = [
    { operation: 2, when: "before" },
    { operation: Math.floor(operations / 2), when: "after" },
    { operation: operations - 1, when: "before" },
  ] as const;
  for (const death of deaths) {
    const stack = await world.stack(`${death.when}-${death.operation}`);

    const run = await stack.run("archive-calls", { death });

    expect([death, run.containers, run.report?.status]).toEqual([death, 2, "finished"]);
    const archive = await readArchive(world, `${stack.name}-archive`);
    expect(differencesFromTruth({ ringCentral: world.ringCentral() }, archive, days)).toEqual([]);
  }
});
