import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorld, type World } from "../../lab/demo/world.ts";
import { enterFastNights } from "./fast-nights.ts";

const account = { calls: { perDay: 2 } };
let world: World;

beforeAll(async () => {
  world = await openWorld({ inMemory: true, ringCentral: { account } });
});
afterAll(() => world.stop());

const started = () => world.lambda.executions().length;

describe("an invalid request starts nothing, and the response lists every invalid field:", () => {
  test("unknown fields, impossible dates and days not yet begun, in one response", async () => {
    const response = await world.sendRequest({
      days: ["2026-02-30", "2026-11-05", "2026-11-03"],
      form: "2026-11-01",
      dryRun: "yes",
      relist: "yes",
    });

    expect(response).toMatchObject({ started: false, code: "REQUEST_INVALID" });
    const errors = "errors" in response ? response.errors.join("\n") : "";
    expect(errors).toMatch(/form: not a known field/);
    expect(errors).toMatch(/dryRun: /);
    expect(errors).toMatch(/days\.0: expected a date that exists/);
    expect(errors).toMatch(/days: 2026-11-05 has not begun/);
    expect(errors).toMatch(/relist/);
    expect(started()).toBe(0);
  });

  test.each([
    [{ from: "2026-11-03", to: "2026-11-01" }, /to: must be after from/],
    [{ from: "2026-11-01" }, /to: is missing/],
    [{ from: "2026-11-01", to: "2026-11-09" }, /to: the day before 2026-11-09 has not begun/],
    [{ from: "2026-11-01", to: "2026-11-02", days: ["2026-11-01"] }, /days: must not be combined/],
    [{ relist: true }, /relist: needs days/],
    [{ job: "archive-faxes" }, /job: there is archive-calls/],
    [{ dryRun: "true" }, /dryRun/],
    [{}, /is empty/],
  ])("%j", async (request, error) => {
    const response = await world.sendRequest(request);

    expect("errors" in response ? response.errors.join("\n") : "").toMatch(error);
    expect(started()).toBe(0);
  });
});

describe("a valid request", () => {
  test("for a dry run is answered from S3 alone, and starts nothing", async () => {
    const response = await world.sendRequest({ dryRun: true });

    expect(response).toMatchObject({
      started: false,
      dryRun: true,
      estimate: { days: 3, firstDay: "2026-11-01", lastDay: "2026-11-03", daysNeverListed: 3, requestsAtLeast: 3 },
    });
    expect(started()).toBe(0);
    expect(world.ringCentral.counters().requests).toBe(0);
  });

  test("that is delivered twice starts once", async () => {
    const request = { from: "2026-11-01", to: "2026-11-03" };

    const [first, second] = await Promise.all([world.sendRequest(request), world.sendRequest(request)]);

    expect(first).toMatchObject({ started: true, estimate: { days: 3 } });
    expect(second).toMatchObject({ started: true, run: "run" in first ? first.run : "" });
    expect(started()).toBe(1);
  });

  test("to list a closed day again lists it, and finds no change", async () => {
    const nights = await enterFastNights({ account });
    await nights.night();
    await nights.nextNight(2);
    await nights.nextNight();
    const before = await nights.contents();
    expect(before.closed).toContain("2026-11-02");

    const { event } = await nights.sendRequest({ days: ["2026-11-02"], relist: true });
    await nights.request(event?.request ?? {});

    const after = await nights.contents();
    expect(after.calls["2026-11-02"]).toEqual(before.calls["2026-11-02"]);
    expect(after.manifests["2026-11-02"]?.listings).toHaveLength(
      (before.manifests["2026-11-02"]?.listings.length ?? 0) + 1,
    );
    expect(after.manifests["2026-11-02"]).toMatchObject({
      status: "closed",
      totals: before.manifests["2026-11-02"]?.totals,
    });
    expect(after.writtenTwice).toEqual([]);
  });
});
