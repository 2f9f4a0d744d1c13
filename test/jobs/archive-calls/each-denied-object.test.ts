import { describe, expect, test } from "vitest";
import type { AwsFault } from "../../../lab/aws/faults.ts";
import { toBody } from "../../../shared/aws/bucket.ts";
import { enterFastWorld } from "../../support/enter-fast-world.ts";
import type { FastWorld } from "../../support/fast-world.ts";
import { accountOf, recordedCalls } from "../../support/recorded-calls.ts";
import { worldAfter } from "../../support/world-after.ts";

const [first, second, third, fourth] = ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"] as const;
const calls = [first, second, third, fourth].flatMap((day) => recordedCalls(day, 2));
const refusal = { status: 403, code: "AccessDenied" } as const;
const failure = { status: 500, code: "InternalError" } as const;
const keyDenied = { status: 400, code: "KMS.DisabledException" } as const;

/** What is denied and what fails take the same way through the job, when it is written. */
const readsAndWrites = [
  ["reads are denied", "GetObject", refusal],
  ["reads always fail with 500", "GetObject", failure],
  ["writes always fail with 500", "PutObject", failure],
] as const;
const alike = ["writes are denied", "PutObject", refusal] as const;
const deniedOrFailing = process.env.EVERY_CELL ? [...readsAndWrites, alike] : readsAndWrites;

const deny = (world: FastWorld, on: AwsFault["on"], what: AwsFault["what"] = refusal) =>
  world.aws.plan({ on, what, times: "always" });
const nextNight = (world: FastWorld) => {
  world.clock.advance(24 * 3_600_000);
  return world.run("archive-calls");
};
const afterOneNight = worldAfter({ account: accountOf(...calls) }, (world) => world.run("archive-calls"));
/** Stored recordings of each day, as S3 lists them. */
async function recordingsOf(world: FastWorld) {
  const days: Record<string, number> = {};
  for await (const { key } of world.archive.list("recordings/")) {
    const day = /date=([\d-]+)/.exec(key)?.[1] ?? "";
    days[day] = (days[day] ?? 0) + 1;
  }
  return days;
}
async function closedDays(world: FastWorld) {
  const manifests = Object.entries(await world.manifests());
  return manifests.filter(([, { status }]) => status === "closed").map(([day]) => day);
}

describe("for one day,", () => {
  test.each([
    ["a denied read of its manifest", { operation: "GetObject", key: /^manifests\/.*2026-11-02/ }, refusal],
    ["a read of its manifest that KMS denies", { operation: "GetObject", key: /^manifests\/.*2026-11-02/ }, keyDenied],
    ["a denied read of its events", { operation: "GetObject", key: /^events\/.*2026-11-02/ }, refusal],
    ["a denied write of its manifest", { operation: "PutObject", key: /^manifests\/.*2026-11-02/ }, refusal],
    ["a denied read of its calls", { operation: "GetObject", key: /^calls\/.*2026-11-02/ }, refusal],
    ["a denied HEAD of its calls", { operation: "HeadObject", key: /^calls\/.*2026-11-02/ }, refusal],
    ["denial of all its objects", { key: /2026-11-02/ }, refusal],
    [
      "a read of its manifest that always fails with 500",
      { operation: "GetObject", key: /^manifests\/.*2026-11-02/ },
      failure,
    ],
    [
      "a write of its manifest that always fails with 500",
      { operation: "PutObject", key: /^manifests\/.*2026-11-02/ },
      failure,
    ],
  ] as const)(
    "%s keeps no other day from being stored, closed and added to the ledger, and the run names it",
    async (_what, on, what) => {
      const world = await afterOneNight();
      deny(world, on, what);

      const run = await nextNight(world);

      expect(run.error).toMatchObject({ code: "DAYS_INCOMPLETE", message: expect.stringContaining(second) });
      expect((await recordingsOf(world))[fourth]).toBe(2);
      expect(await closedDays(world)).toEqual([first, third]);
      expect(await world.ledger()).toHaveLength(2);
      expect(run.steps).toContain("step gauges");
    },
  );

  test.each([
    ["in the first night", 0],
    ["when nothing else is open", 4],
  ])("a denied write of its calls %s keeps no other day from being stored", async (_when, nights) => {
    const world = await enterFastWorld({ account: accountOf(...calls) });
    for (let night = 0; night < nights; night++) await nextNight(world);
    deny(world, { operation: "PutObject", key: /^calls\/.*2026-11-02/ });

    const run = nights === 0 ? await world.run("archive-calls") : await nextNight(world);

    if (nights === 0)
      expect(run.error).toMatchObject({ code: "DAYS_INCOMPLETE", message: expect.stringContaining(second) });
    else expect(run.error).toBeUndefined();
    expect((await recordingsOf(world))[third]).toBe(2);
  });

  test("a denied read of its manifest stops no run if no other day is open, and a run after that stores everything", async () => {
    const world = await enterFastWorld({
      account: accountOf(...recordedCalls(first, 2), ...recordedCalls(fourth, 4)),
      start: new Date("2026-11-02T08:30:00Z"),
    });
    await world.run("archive-calls");
    deny(world, { operation: "GetObject", key: /^manifests\/.*2026-11-01/ });

    for (let night = 2; night <= 5; night++)
      expect((await nextNight(world)).error).toMatchObject({ code: "DAYS_INCOMPLETE" });
    expect(await recordingsOf(world)).toEqual({ [first]: 2, [fourth]: 4 });
    world.aws.clearFaults();
    await nextNight(world);
    const run = await nextNight(world);

    expect(run.error).toBeUndefined();
    expect((await world.manifests())[first]).toMatchObject({ status: "closed" });
  });

  test("a denied write of its plan keeps no other day's recordings from being fetched", async () => {
    const world = await enterFastWorld({ account: accountOf(...calls) });
    deny(world, { operation: "PutObject", key: /^plans\/.*2026-11-02/ });

    const run = await world.run("archive-calls");

    expect(run.error).toMatchObject({ code: "DAYS_INCOMPLETE", message: expect.stringContaining(second) });
    expect(await recordingsOf(world)).toEqual({ [first]: 2, [third]: 2 });
  });
});

describe("the cached account", () => {
  test.each(deniedOrFailing)(
    "keeps nothing from being done if its %s, and the run reports it in the end",
    async (_what, operation, what) => {
      const world = await enterFastWorld({ account: accountOf(...calls) });
      deny(world, { operation, key: "accounts/account.json" }, what);

      const runs = [await world.run("archive-calls"), await nextNight(world)];

      for (const { error, logged } of runs) {
        expect(error).toMatchObject({ code: "STORAGE_FAILED", message: expect.stringContaining("account.json") });
        expect(logged.join("\n")).toContain("account caching failed");
      }
      expect(await recordingsOf(world)).toEqual({ [first]: 2, [second]: 2, [third]: 2, [fourth]: 2 });
      expect(await closedDays(world)).toEqual([first, second, third]);
    },
  );

  test("fails no run if one write of it is denied", async () => {
    const world = await enterFastWorld({ account: accountOf(...calls) });
    world.aws.plan({ on: { operation: "PutObject", key: "accounts/account.json" }, what: refusal, times: 1 });

    const run = await world.run("archive-calls");

    expect([run.error, await world.state.get("accounts/account.json")]).toMatchObject([undefined, { body: {} }]);
  });

  test("of another company shortens neither page nor retention if S3 denies to replace it", async () => {
    const world = await enterFastWorld({
      account: accountOf(...calls),
      faults: [{ on: "callRecordingSettings", what: { status: 500 }, times: "always" }],
    });
    const another = {
      ...{ id: "another", credential: "x", heavyPerMinute: 1, retention: { days: 2, daysToFetch: 2 } },
      recordBytes: { run: "other", lightest: 4_000_000 },
    };
    await world.state.put("accounts/account.json", toBody(JSON.stringify(another)), "application/json");
    deny(world, { operation: "PutObject", key: "accounts/account.json" });

    const run = await world.run("archive-calls");

    expect(run.metrics.DaysUntilDeletion).toBe(90);
    const lists = run.requests.filter((request) => request.includes("/call-log"));
    expect(lists.length).toBeGreaterThan(0);
    for (const request of lists) expect(request).toContain("perPage=1000");
  });
});

describe("the index of days", () => {
  test.each(deniedOrFailing)(
    "keeps nothing from being done if its %s, and the run reports it in the end",
    async (_what, operation, what) => {
      const world = await enterFastWorld({ account: accountOf(...calls) });
      deny(world, { operation, key: /^index\// }, what);

      const runs = [await world.run("archive-calls"), await nextNight(world)];

      for (const { error, logged } of runs) {
        expect(error).toMatchObject({ code: "STORAGE_FAILED", message: expect.stringContaining("index/") });
        expect(logged.join("\n")).toContain("index of days not written");
      }
      expect(await recordingsOf(world)).toEqual({ [first]: 2, [second]: 2, [third]: 2, [fourth]: 2 });
      expect(await closedDays(world)).toEqual([first, second, third]);
      expect(await world.ledger()).toHaveLength(2);
    },
  );

  test("is written the next night once S3 takes it", async () => {
    const world = await enterFastWorld({ account: accountOf(...calls) });
    deny(world, { key: /^index\// }, failure);
    await world.run("archive-calls");
    world.aws.clearFaults();

    const run = await nextNight(world);

    expect(run.error).toBeUndefined();
    const keys: string[] = [];
    for await (const { key } of world.state.list("index/")) keys.push(key);
    expect(keys).toHaveLength(1);
  });
});

describe("if S3 denies", () => {
  test("every write of calls, the run fails and says what to compare", async () => {
    const world = await enterFastWorld({ account: accountOf(...calls) });
    deny(world, { operation: "PutObject", key: /^calls\// });

    const run = await world.run("archive-calls");

    expect(run.error).toMatchObject({
      code: "STORAGE_FAILED",
      message: expect.stringContaining("Compare with the deployed stack"),
    });
    expect(run.requests.length).toBeLessThanOrEqual(10);
  });

  test.each([
    ["every read of a manifest", { operation: "GetObject", key: /^manifests\// }],
    ["every write of a manifest", { operation: "PutObject", key: /^manifests\// }],
    ["every write of a plan", { operation: "PutObject", key: /^plans\// }],
  ] as const)("%s, the run fails within a few requests and says what to compare", async (_what, on) => {
    const world = await afterOneNight();
    deny(world, on);

    const run = await nextNight(world);

    expect(run.error).toMatchObject({
      code: "STORAGE_FAILED",
      message: expect.stringContaining("Compare with the deployed stack"),
    });
    expect(run.requests.length).toBeLessThanOrEqual(20);
  });
});

test("writes of one day's events that always fail cost an hour and few requests, and no other day its recordings", async () => {
  const world = await enterFastWorld({ account: accountOf(...calls) });
  deny(world, { operation: "PutObject", key: /^events\/.*2026-11-02/ }, failure);

  const run = await world.run("archive-calls");

  expect(run.error).toMatchObject({ code: "STORAGE_FAILED" });
  expect(await recordingsOf(world)).toMatchObject({ [first]: 2, [third]: 2 });
  expect(run.requests.length).toBeLessThanOrEqual(120);
});

describe("a cached account that S3 denies", () => {
  const environment = { ANALYTICS_GROUPS: "Company", ANALYTICS_METRICS: "allCalls" };

  test.each(["GetObject", "PutObject"] as const)(
    "(%s) keeps no analytics from being collected, and the run reports it in the end",
    async (operation) => {
      const world = await enterFastWorld({ account: accountOf(...calls), environment });
      deny(world, { operation, key: "accounts/account.json" });

      const run = await world.run("collect-analytics");

      expect(run.error).toMatchObject({ code: "STORAGE_FAILED", message: expect.stringContaining("account.json") });
      expect(Object.keys(await world.analyticsManifests()).length).toBeGreaterThan(0);
    },
  );

  test.each(["archive-calls", "collect-analytics"] as const)(
    "does not hide from %s why no login is possible",
    async (job) => {
      const world = await enterFastWorld({ account: accountOf(...calls), environment });
      await world.run(job);
      world.aws.putSecret("credential", "");
      deny(world, { operation: "GetObject", key: "accounts/account.json" });

      expect((await world.run(job)).error).toMatchObject({ code: "CREDENTIAL_MISSING" });
    },
  );
});
