import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleFixture, type FixtureBundle } from "./fixtures/bundle-fixture.ts";
import type { Line } from "./fixtures/durable.ts";
import { type DurableLab, openDurableLab, ran } from "./fixtures/start-durable-lab.ts";
import { printed } from "./fixtures/start-lab.ts";

let bundle: FixtureBundle;
let durable: DurableLab;
beforeAll(async () => {
  bundle = await bundleFixture("durable");
  durable = await openDurableLab(bundle.dir);
});
afterAll(async () => {
  await durable.lab.stop();
  await bundle[Symbol.asyncDispose]();
});

/** Starts without a plan of an earlier test, whose last sandbox may be warm. */
function enterLab() {
  const { lab } = durable;
  const from = lab.logs().length;
  lab.killPlan(() => false);
  return {
    lab,
    run: (script: readonly Line[]) => durable.run(script, randomUUID()),
    ran: () => ran(lab, from),
  };
}

const abc: readonly Line[] = ["a", "b", "c"].map((name) => ({ do: "step", name }));
const marker = () => join(bundle.dir, randomUUID());

test("a killed execution repeats only the step in which it was killed", async () => {
  const { lab, run, ran } = enterLab();
  void lab.received(printed("hangs in b.")).then(() => lab.kill("job"));

  const execution = await run([{ do: "step", name: "a" }, { do: "hang once", name: "b", marker: marker() }, ...abc]);

  expect(ran()).toEqual(["a", "b", "b", "a", "b", "c"]);
  expect(execution).toMatchObject({ status: "SUCCEEDED", crashes: 1 });
  expect(execution.invocations.map(({ outcome }) => outcome)).toEqual(["crashed", "answered"]);
});

test("a killed execution does not repeat a step whose checkpoint was stored before the kill", async () => {
  const { lab, run, ran } = enterLab();
  lab.killPlan(({ at, n }) => at === "after-checkpoint-stored" && n === 2);

  const execution = await run(abc);

  expect(execution).toMatchObject({ status: "SUCCEEDED", crashes: 1 });
  expect(new Set(ran())).toEqual(new Set(["a", "b", "c"]));
  expect(ran()).toHaveLength(3);
});

test("a killed execution repeats a step whose checkpoint was not stored before the kill", async () => {
  const { lab, run, ran } = enterLab();
  lab.killPlan(({ at, n }) => at === "before-checkpoint-stored" && n === 1);

  const execution = await run([{ do: "step", name: "a" }]);

  expect(ran()).toEqual(["a", "a"]);
  expect(execution).toMatchObject({ status: "SUCCEEDED", crashes: 1 });
});

test("a killed execution gets the lost response of a stored checkpoint again, and stores nothing twice", async () => {
  const { lab, run, ran } = enterLab();
  lab.killPlan(({ at, n }) => (at === "after-checkpoint-stored" && n === 1 ? "lose-answer" : false));

  const execution = await run(abc);

  expect(ran()).toEqual(["a", "b", "c"]);
  expect(execution).toMatchObject({ status: "SUCCEEDED", crashes: 0 });
  expect(new Set(execution.checkpointPayloads).size).toBe(execution.checkpointPayloads.length);
});

test.for(["invocation-start", "before-answer"] as const)(
  "a killed execution continues after a kill at %s",
  async (at) => {
    const { lab, run, ran } = enterLab();
    lab.killPlan((moment) => moment.at === at && moment.n === 1);

    const execution = await run([{ do: "step", name: "a" }]);

    expect(ran()).toEqual(["a"]);
    expect(execution).toMatchObject({ status: "SUCCEEDED", crashes: 1, invocations: [{}, { coldStart: true }] });
  },
);

test("one execution survives a kill at each kind of moment", async () => {
  const { lab, run } = enterLab();
  const kills: string[] = [];
  lab.killPlan(({ at, n }) => {
    const strikes = n === 2;
    if (strikes) kills.push(at);
    return strikes;
  });

  const execution = await run(abc.flatMap((line) => [line, { do: "wait", seconds: 60 }]));

  expect(new Set(kills).size).toBe(4);
  expect(execution).toMatchObject({ status: "SUCCEEDED", crashes: 4 });
  expect(JSON.parse(execution.result ?? "[]")).toHaveLength(6);
});

test("the released SDK fails the whole execution over a stale token, so `durable` wraps its client", async () => {
  const { lab, run } = enterLab();
  lab.killPlan(({ at, n }) => (at === "before-checkpoint-stored" && n === 2 ? "make-stale" : false));

  const execution = await run(abc);

  expect(execution.status).toBe("FAILED");
  expect(execution.error?.ErrorMessage).toContain("Invalid checkpoint token");
});
