import { afterAll, beforeAll, expect, test } from "vitest";
import { createClock } from "../clock.ts";
import { bundleFixture, type FixtureBundle } from "./fixtures/bundle-fixture.ts";
import {
  type DurableLab,
  type DurableLabOptions,
  day,
  openDurableLab,
  startDurableLab,
} from "./fixtures/start-durable-lab.ts";

let bundle: FixtureBundle;
let ordinary: FixtureBundle;
let shared: DurableLab;
beforeAll(async () => {
  [bundle, ordinary] = await Promise.all([bundleFixture("durable"), bundleFixture("ordinary")]);
  shared = await openDurableLab(bundle.dir);
});
afterAll(async () => {
  await shared.lab.stop();
  await Promise.all([bundle, ordinary].map((used) => used[Symbol.asyncDispose]()));
});
const startDurable = (options: DurableLabOptions = {}) => startDurableLab(bundle.dir, options);

test("the lab re-invokes a failing execution nine times, at growing intervals, and then fails it for good", async () => {
  const clock = createClock();
  const { lab } = await startDurable({ clock });
  lab.deploy({ name: "failing", dir: ordinary.dir, handler: "index.fail", durable: { executionTimeoutSeconds: day } });

  await lab.invoke("failing:live", {}, { type: "Event", executionName: "run" });
  const execution = await lab.waitFor("failing", "run");

  expect(execution).toMatchObject({ status: "FAILED", crashes: 10, error: { ErrorType: "TypeError" } });
  const pauses = execution.invocations.slice(1).map(({ startedAt }, n) => {
    const crashed = execution.invocations[n];
    const endedMs = Number(crashed?.startedAt) + Number(crashed?.billedMs);
    return Math.round((startedAt.getTime() - endedMs) / 1000);
  });
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256]);
  expect(execution.operations).toBe(1 + pauses.length);
});

test("the lab refuses a wait that is no whole number of seconds between one second and a year", async () => {
  const { lab, begin } = shared;

  for (const seconds of [1.5, 0, 366 * day + 1]) {
    const name = `wait-of-${seconds}`.replace(".", "-");
    await begin([{ do: "wait", seconds }], name);
    const { status, error } = await lab.waitFor("job", name);
    expect(status).toBe("FAILED");
    expect(error?.ErrorMessage).toContain("WaitSeconds");
  }
});

test("the lab accepts a result of 300 kB, because AWS allows 1 MB, and refuses a checkpoint payload of a byte more", async () => {
  const { lab, begin, run } = shared;
  const quotes = 2;

  const execution = await run([{ do: "step", name: "usual", bytes: 300_000 }], "usual");
  await begin([{ do: "step", name: "fits", bytes: 1024 * 1024 - quotes }], "fits");
  const fits = await lab.waitFor("job", "fits");
  await begin([{ do: "step", name: "large", bytes: 1024 * 1024 - quotes + 1 }], "large");
  const large = await lab.waitFor("job", "large");

  expect(execution).toMatchObject({ status: "SUCCEEDED", result: JSON.stringify(["x".repeat(300_000)]) });
  // The result of the whole execution may be no larger than a payload, and it holds brackets, too.
  expect(fits.checkpointPayloads.some((payload) => payload.includes("SUCCEED"))).toBe(true);
  expect(fits.error?.ErrorMessage).toContain("output payload size");
  expect(large.checkpointPayloads.some((payload) => payload.includes("SUCCEED"))).toBe(false);
  expect(large.error?.ErrorMessage).toContain("1048577 bytes exceeds 1048576 bytes");
});

test("the lab times an execution out in the middle of a wait", async () => {
  const clock = createClock();
  const { run } = await startDurable({ clock, executionTimeoutSeconds: 60 });
  const start = clock.now();

  const execution = await run([{ do: "wait", seconds: 3_600 }]);

  expect(execution.status).toBe("TIMED_OUT");
  expect(clock.now() - start).toBeLessThan(90_000);
});

test("the lab fails an execution whose function does not use the protocol", async () => {
  const { lab } = await startDurable();
  lab.deploy({ name: "plain", dir: ordinary.dir, durable: { executionTimeoutSeconds: 60 } });

  await lab.invoke("plain:live", {}, { type: "Event", executionName: "run" });

  const execution = await lab.waitFor("plain", "run");
  expect(execution).toMatchObject({
    status: "FAILED",
    error: { ErrorMessage: "Invalid Status in invocation output." },
  });
});

test("the lab counts crashes from zero after every response", async () => {
  const { lab } = await startDurable();
  const handler = "index.failEveryOtherTime";
  lab.deploy({ name: "moody", dir: ordinary.dir, handler, durable: { executionTimeoutSeconds: day } });

  await lab.invoke("moody:live", {}, { type: "Event", executionName: "run" });

  expect(await lab.waitFor("moody", "run")).toMatchObject({ status: "SUCCEEDED", crashes: 12 });
});

test("the lab says at once which operations it does not implement", async () => {
  const { run } = shared;

  const execution = await run([{ do: "invoke", functionName: "other:live" }], "invoking");

  expect(execution).toMatchObject({ status: "FAILED", crashes: 0 });
  expect(execution.error?.ErrorMessage).toContain("does not implement operations of type CHAINED_INVOKE");
});
