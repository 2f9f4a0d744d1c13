import { describe, expect, test } from "vitest";
import { type Bucket, toBody } from "../../../shared/aws/bucket.ts";
import { stateKeys } from "../../../shared/core/object-keys.ts";
import { JobError } from "../../../shared/errors.ts";
import {
  type AnalyticsWorld,
  account,
  analyticsWorldAfter,
  openAnalyticsWorld,
} from "../../support/collect-analytics/analytics-world.ts";
import { diesBeforeStoring } from "../../support/collect-analytics/dies-before-storing.ts";
import { manifestsIn, rowsOf, standings } from "../../support/collect-analytics/stored-responses.ts";

const third = "2026-11-03";
/** One day, collected once: four queries, that of users by the hour with two pages. */
const once = { archiveFrom: third, recollectDays: 1, groups: ["Company", "Users"] } as const;
const hours = { group: "Users", interval: "Hour", from: third, to: "2026-11-04" } as const;
const cut = "cut";

const ofTwoPages = { account: { organisation: { users: 21 } } };
const openWorld = () => openAnalyticsWorld(ofTwoPages);

/** Hides the archive from a run that ends before it has stored anything. */
const neverStored = (bucket: Bucket): Bucket => ({
  ...bucket,
  replace: async (key, ...write) => {
    if (key.startsWith("analytics/")) throw new JobError("STORAGE_FAILED", "the container has gone");
    return bucket.replace(key, ...write);
  },
});

/** The world after a run that has fetched everything and stored nothing. */
const openAfterCutRun = analyticsWorldAfter(ofTwoPages, async (world) => {
  const { error } = await world.run({ ...once, run: cut, through: neverStored });
  expect(error).toBeDefined();
  world.clock.advance(60_000);
});

/** Hides an object from a run, as if it had never been written. */
const without =
  (hidden: string) =>
  (bucket: Bucket): Bucket => ({
    ...bucket,
    get: async (key) => (key === hidden ? undefined : bucket.get(key)),
    async *list(prefix, after) {
      for await (const each of bucket.list(prefix, after)) if (each.key !== hidden) yield each;
    },
  });

const isMarked = async ({ state }: AnalyticsWorld, run: string) =>
  (await state.get(stateKeys.storedRun(account, run))) !== undefined;

describe("a run that ended before it had stored what it fetched", () => {
  test("is stored by the next run without a request, and marked", async () => {
    const world = await openAfterCutRun();

    const next = await world.run(once);

    expect([next.error, next.requested]).toEqual([undefined, []]);
    expect(await standings(world.archive)).toEqual({ [third]: "closed" });
    expect(await isMarked(world, cut)).toBe(true);
  });

  test("with an incomplete query: the others are stored, and it alone is requested again", async () => {
    const world = await openAfterCutRun();
    const page = stateKeys.responsePage({ account, run: cut, query: hours }, 2);

    const next = await world.run({ ...once, through: without(page) });

    expect(next.error).toBeUndefined();
    expect(next.requested).toHaveLength(2);
    expect(next.requested.every((request) => request.includes("interval=Hour") && request.includes("Users"))).toBe(
      true,
    );
    expect(await standings(world.archive)).toEqual({ [third]: "closed" });
    expect(await isMarked(world, cut)).toBe(true);
  });

  test.each([1, 2])("with a damaged page %i: its query is reported and requested again", async (page) => {
    const world = await openAfterCutRun();
    const key = stateKeys.responsePage({ account, run: cut, query: hours }, page);
    await world.state.put(key, toBody("no gzip"), "application/gzip");

    const next = await world.run(once);

    expect(next.error?.message).toContain("lack Users (STORAGE_INVALID): 1 query failed");
    expect(next.requested).toHaveLength(2);
    expect(await rowsOf(world.archive, third, hours)).not.toEqual([]);
    expect((await world.nextNight(once)).error).toBeUndefined();
    expect(await isMarked(world, cut)).toBe(true);
  });

  test("with a damaged plan: all its queries are reported and requested again", async () => {
    const world = await openAfterCutRun();
    await world.state.put(stateKeys.plannedQueries(account, cut), toBody("{}"), "application/gzip");

    const next = await world.run(once);

    expect(next.error?.message).toContain("lack Company (STORAGE_INVALID), Users (STORAGE_INVALID): 4 queries failed");
    expect(next.error?.hint).not.toContain("lifecycle");
    expect(await standings(world.archive)).toEqual({ [third]: "closed" });
    expect(await isMarked(world, cut)).toBe(true);
    expect((await world.nextNight(once)).error).toBeUndefined();
  });

  test("is looked at once: the runs after that list what was planned and nothing else of it", async () => {
    const world = await openAfterCutRun();
    await world.run({ ...once, run: "second" });
    const touched: string[] = [];

    const night = await world.nextNight({
      ...once,
      onRequest: ({ operation, target }) => void touched.push(`${operation} ${target}`),
    });

    expect(night.error).toBeUndefined();
    expect(touched.filter((each) => /\/(cut|second)\//.test(each))).toEqual([]);
  });
});

describe("if fetching ends early, what is fetched is stored in the same run", () => {
  /** Refuses every token and login while `isRefused`. */
  const refusing =
    (isRefused: () => boolean) =>
    (send: typeof fetch): typeof fetch =>
    async (url, init) => {
      if (!isRefused()) return send(url, init);
      const isLogin = String(url).includes("/oauth/");
      return Response.json({ errorCode: "OAU-213", error: "invalid_grant" }, { status: isLogin ? 400 : 401 });
    };

  test("because the login is refused", async () => {
    const world = await openWorld();
    let responses = 0;

    const run = await world.run({
      ...once,
      onRequest: ({ to, target }, stage) => {
        if (to === "ringcentral" && stage === "answered" && target.includes("/analytics/")) responses++;
      },
      fetch: refusing(() => responses >= 2),
    });

    expect(run.error?.code).toBe("CREDENTIAL_REFUSED");
    expect(run.written.filter((key) => key.endsWith(".jsonl.gz")).length).toBeGreaterThan(0);
    expect(await isMarked(world, run.run)).toBe(true);
  });

  test("because the login is refused after its container died", async () => {
    const world = await openWorld();
    let isDead = false;

    const run = await world.run({
      ...once,
      fate: (container) =>
        diesBeforeStoring(container, () => {
          isDead = true;
        }),
      fetch: refusing(() => isDead),
    });

    expect(run.containers).toBe(2);
    expect(run.written.filter((key) => key.endsWith(".jsonl.gz"))).toHaveLength(4);
    expect(await standings(world.archive)).toEqual({ [third]: "closed" });
    expect([...(await manifestsIn(world.archive)).values()][0]?.datasets).toHaveLength(4);
  });
});

describe("a query whose pages need several rate windows", () => {
  const light = { limit: 3, windowMs: 60_000, penaltyMs: 60_000 };

  test("is stored when its last page is, before later queries are requested, and no page is requested twice", async () => {
    const world = await openAnalyticsWorld({ limits: { light }, account: { organisation: { users: 70 } } });

    const run = await world.run(once);

    expect(run.error).toBeUndefined();
    const pages = run.keptInState.filter((key) => /\/queries\/.*\/responses\//.test(key));
    expect(pages).toHaveLength(new Set(pages).size);
    expect(run.requested).toHaveLength(pages.length);
    expect(run.steps.filter((step) => step === "step fetch").length).toBeGreaterThan(2);
    const users = await rowsOf(world.archive, third, hours);
    expect(new Set(users.map(({ key }) => key)).size).toBe(70);
    // Written in the first rate window.
    const order = run.keptInState.filter((key) => /\/(stored|responses)\//.test(key));
    expect(order.findIndex((key) => key.includes("/stored/"))).toBeLessThan(
      order.findLastIndex((key) => key.includes("/responses/")),
    );
  });
});
