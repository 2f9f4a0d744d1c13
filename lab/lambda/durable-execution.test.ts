import { afterAll, beforeAll, expect, test } from "vitest";
import { createClock } from "../clock.ts";
import { bundleFixture, type FixtureBundle } from "./fixtures/bundle-fixture.ts";
import type { Line } from "./fixtures/durable.ts";
import { type DurableLabOptions, ran, startDurableLab } from "./fixtures/start-durable-lab.ts";

let bundle: FixtureBundle;
beforeAll(async () => {
  bundle = await bundleFixture("durable");
});
afterAll(() => bundle[Symbol.asyncDispose]());
const startDurable = (options: DurableLabOptions = {}) => startDurableLab(bundle.dir, options);

const abc: readonly Line[] = ["a", "b", "c"].map((name) => ({ do: "step", name }));

test("a durable execution waits an hour without real time, and the child's clock moves on", async () => {
  const { run } = await startDurable();

  const execution = await run([
    { do: "step", name: "a" },
    { do: "wait", seconds: 3_600 },
    { do: "step", name: "b" },
  ]);

  const [a, , b] = JSON.parse(execution.result ?? "[]");
  expect(b.now - a.now).toBeGreaterThanOrEqual(3_600_000);
  expect(execution.invocations.map(({ coldStart }) => coldStart)).toEqual([true, false]);
  expect(Number(execution.endedAt) - Number(execution.startedAt)).toBeGreaterThanOrEqual(3_600_000);
});

test("a durable execution ends no wait early unless the lab is set to skip waits", async () => {
  const clock = createClock();
  const { lab, begin } = await startDurable({ clock, skipWaits: false });
  await begin([{ do: "wait", seconds: 3_600 }]);
  await lab.received(({ type }) => type === "invocation-ended");

  clock.advance(3_500_000);
  await begin(abc, "meanwhile");
  await lab.waitFor("job", "meanwhile");
  const early = lab.executions()[0];
  clock.advance(100_000);
  const execution = await lab.waitFor("job", "run");

  expect(early).toMatchObject({ status: "RUNNING", invocations: [{}] });
  expect(execution).toMatchObject({ status: "SUCCEEDED", invocations: [{}, {}] });
});

test("a durable execution is invoked once for each attempt of a step, after its delay, which counts as an operation", async () => {
  const { lab, run } = await startDurable();

  const execution = await run([{ do: "fail until", name: "flaky", attempt: 3, delaySeconds: 100 }]);

  const [{ attempt, now }] = JSON.parse(execution.result ?? "[]");
  expect(attempt).toBe(3);
  expect(now - execution.startedAt.getTime()).toBeGreaterThanOrEqual(200_000);
  expect(ran(lab)).toEqual(["flaky", "flaky", "flaky"]);
  expect(execution).toMatchObject({ status: "SUCCEEDED", crashes: 0, operations: 4 });
  // Even though the step's start and its retry come in one checkpoint.
  expect(execution.invocations).toHaveLength(3);
});

test("a durable execution gets every operation for a replay, page by page, except those inside a finished context", async () => {
  const { lab, run } = await startDurable();
  const wait: Line = { do: "wait", seconds: 60 };

  const execution = await run([
    { do: "nested steps", name: "n", count: 20 },
    { do: "steps", count: 1_100 },
    wait,
    ...abc,
  ]);

  expect(execution).toMatchObject({ status: "SUCCEEDED", crashes: 0, invocations: [{}, {}] });
  expect(JSON.parse(execution.result ?? "[]").slice(0, 2)).toEqual([20, 1_100]);
  expect(ran(lab)).toEqual(["a", "b", "c"]);
});

test("the caller can wait for an execution that has not begun", async () => {
  const { lab, begin } = await startDurable();
  const awaited = lab.waitFor("job", "later");

  await begin(abc, "later");

  expect(await awaited).toMatchObject({ name: "later", function: "job", status: "SUCCEEDED" });
});
