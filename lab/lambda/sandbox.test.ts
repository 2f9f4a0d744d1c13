import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createClock } from "../clock.ts";
import { bundleFixture, type FixtureBundle } from "./fixtures/bundle-fixture.ts";
import type { Task } from "./fixtures/ordinary.ts";
import { printed, startLab } from "./fixtures/start-lab.ts";

let bundle: FixtureBundle;
beforeAll(async () => {
  bundle = await bundleFixture("ordinary");
});
afterAll(() => bundle[Symbol.asyncDispose]());

const tell: Task = { do: "tell" };
const hang: Task = { do: "hang" };

interface Reported {
  readonly env: Record<string, string>;
  readonly pid: number;
  readonly invocations: number;
  readonly now: number;
  readonly constructed: string;
  /** Since its process began. */
  readonly uptimeMs: number;
  readonly remainingMs: number;
}
const reported = (invocation: { readonly payload: unknown }) => invocation.payload as Reported;

test("a sandbox kills a handler that exceeds its timeout, and the next start is cold", async () => {
  const lab = await startLab();
  lab.deploy({ name: "slow", dir: bundle.dir, timeoutMs: 500 });

  const timedOut = await lab.invoke("slow", hang);
  const next = await lab.invoke("slow", tell);

  expect(timedOut).toMatchObject({
    functionError: "Unhandled",
    payload: { errorType: "Sandbox.Timedout", errorMessage: expect.stringContaining("after 0.50 seconds") },
  });
  expect(reported(next).invocations).toBe(1);
  expect(lab.invocations().map(({ outcome, coldStart }) => [outcome, coldStart])).toEqual([
    ["crashed", true],
    ["answered", true],
  ]);
});

test.runIf(process.platform === "linux")(
  "a sandbox kills a handler that takes more memory than its function has",
  async () => {
    const lab = await startLab();
    lab.deploy({ name: "greedy", dir: bundle.dir, memoryMb: 128 });

    const killed = await lab.invoke("greedy", { do: "allocate", mb: 300 } satisfies Task);

    expect(killed.payload).toMatchObject({ errorType: "Runtime.OutOfMemory" });
  },
);

test("a sandbox reports a handler that throws and one whose process exits as different errors", async () => {
  const lab = await startLab();
  lab.deploy({ name: "fragile", dir: bundle.dir });

  const threw = await lab.invoke("fragile", { do: "throw" } satisfies Task);
  const exited = await lab.invoke("fragile", { do: "exit" } satisfies Task);

  expect(threw).toMatchObject({ status: 200, functionError: "Unhandled", payload: { errorType: "TypeError" } });
  expect(exited.payload).toMatchObject({
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringContaining("exit status 3"),
  });
});

test("a sandbox reports a bundle that lacks its handler, and refuses a folder without a bundle", async () => {
  const lab = await startLab();
  lab.deploy({ name: "headless", dir: bundle.dir, handler: "index.missing" });

  const failed = await lab.invoke("headless", tell);

  expect(failed.payload).toMatchObject({ errorType: "Runtime.HandlerNotFound" });
  expect(() => lab.deploy({ name: "empty", dir: tmpdir() })).toThrow("cannot be deployed");
});

test("a sandbox refuses a response above 6 MB", async () => {
  const lab = await startLab();
  lab.deploy({ name: "wordy", dir: bundle.dir });
  const quotes = 2;

  const fits = await lab.invoke("wordy", { do: "answer", bytes: 6_291_556 - quotes } satisfies Task);
  const tooLarge = await lab.invoke("wordy", { do: "answer", bytes: 6_291_557 - quotes } satisfies Task);

  expect(fits.functionError).toBeUndefined();
  expect(tooLarge).toMatchObject({
    functionError: "Unhandled",
    payload: { errorType: "Function.ResponseSizeTooLarge" },
  });
});

test("the lab kills a running invocation and reports it", async () => {
  const lab = await startLab();
  lab.deploy({ name: "victim", dir: bundle.dir });
  const killedIdle = lab.kill("victim");
  const running = lab.invoke("victim", hang);
  await lab.received(({ type }) => type === "invocation-started");

  const killedBusy = lab.kill("victim");

  expect([killedIdle, killedBusy]).toEqual([false, true]);
  expect((await running).payload).toMatchObject({ errorType: "Runtime.ExitError" });
});

test("a sandbox passes nothing of its own environment to a function", async () => {
  const secret = "a-secret-of-the-parent-process-alone";
  vi.stubEnv("SECRET_OF_THE_PARENT", secret);
  const lab = await startLab({ environment: { SHARED: "by all" } });
  lab.deploy({ name: "curious", dir: bundle.dir, environment: { OWN: "its own" } });

  const { env } = reported(await lab.invoke("curious", tell));

  vi.unstubAllEnvs();
  expect(JSON.stringify(env)).not.toContain(secret);
  const parents = Object.keys(process.env).filter((key) => env[key] === process.env[key]);
  expect(parents.filter((key) => key !== "LANG" && key !== "TZ" && key !== "PATH")).toEqual([]);
  expect(env).toMatchObject({
    SHARED: "by all",
    OWN: "its own",
    AWS_LAMBDA_FUNCTION_NAME: "curious",
    AWS_ENDPOINT_URL_LAMBDA: lab.url,
    AWS_ACCESS_KEY_ID: "lab",
    TZ: ":UTC",
  });
});

test("the lab keeps the output of each function separately", async () => {
  const lab = await startLab();
  lab.deploy({ name: "one", dir: bundle.dir });
  lab.deploy({ name: "two", dir: bundle.dir });

  await lab.invoke("one", { do: "print", out: "to stdout", err: "to stderr" } satisfies Task);
  await lab.invoke("two", { do: "print", out: "second", err: "second" } satisfies Task);

  expect(lab.logs("one")).toMatch(/^(to stdout\nto stderr|to stderr\nto stdout)\n$/);
  expect(lab.logs()).toBe(`${lab.logs("one")}${lab.logs("two")}`);
  expect(lab.events.some(printed("to stdout"))).toBe(true);
});

test("concurrent invocations get separate sandboxes, and later ones get warm sandboxes", async () => {
  const lab = await startLab();
  lab.deploy({ name: "popular", dir: bundle.dir });

  const together = await Promise.all([1, 2].map(() => lab.invoke("popular", { do: "rest", ms: 100 } satisfies Task)));
  const warm = reported(await lab.invoke("popular", tell));
  lab.recycle("popular");
  const cold = reported(await lab.invoke("popular", tell));

  const pids = together.map((invocation) => reported(invocation).pid);
  expect(new Set(pids).size).toBe(2);
  expect(pids).toContain(warm.pid);
  expect(pids).not.toContain(cold.pid);
  expect(lab.invocations("popular").map(({ coldStart }) => coldStart)).toEqual([true, true, false, true]);
});

test("the lab discards a busy sandbox only after its invocation", async () => {
  const lab = await startLab({ onEvent: ({ type }) => type === "invocation-started" && lab.recycle("recycled") });
  lab.deploy({ name: "recycled", dir: bundle.dir });

  const first = reported(await lab.invoke("recycled", tell));
  const second = reported(await lab.invoke("recycled", tell));

  expect(first.invocations).toBe(1);
  expect(second.pid).not.toBe(first.pid);
});

test("a cold start is billed from its first moment, and a warm one without the time before", async () => {
  const lab = await startLab();
  lab.deploy({ name: "billed", dir: bundle.dir });

  const cold = reported(await lab.invoke("billed", tell));
  const warm = reported(await lab.invoke("billed", tell));

  const [coldMs = 0, warmMs = 0] = lab.invocations().map(({ billedMs }) => billedMs);
  expect(coldMs).toBeGreaterThanOrEqual(cold.uptimeMs);
  expect(warmMs).toBeLessThan(warm.uptimeMs);
  expect([coldMs, warmMs].every(Number.isInteger)).toBe(true);
});

test("a warm sandbox lives in the lab's time, even after that was advanced", async () => {
  const clock = createClock(new Date("2026-11-01T05:59:00Z"));
  const lab = await startLab({ clock });
  lab.deploy({ name: "timely", dir: bundle.dir, timeoutMs: 60_000 });
  lab.deploy({ name: "wrong", dir: bundle.dir, timeoutMs: 60_000, clockErrorMs: -3_600_000 });

  const before = reported(await lab.invoke("timely", tell));
  clock.advance(25 * 3_600_000);
  const after = reported(await lab.invoke("timely", tell));
  const skewed = reported(await lab.invoke("wrong", tell));

  expect(after.pid).toBe(before.pid);
  expect(Math.abs(before.now - Date.parse("2026-11-01T05:59:00Z"))).toBeLessThan(5_000);
  expect(Math.abs(after.now - clock.now())).toBeLessThan(5_000);
  expect(Math.abs(Date.parse(after.constructed) - after.now)).toBeLessThan(100);
  expect(Math.abs(skewed.now - (clock.now() - 3_600_000))).toBeLessThan(5_000);
  for (const { remainingMs } of [before, after, skewed]) {
    expect(remainingMs).toBeGreaterThan(55_000);
    expect(remainingMs).toBeLessThanOrEqual(60_000);
  }
});

test("the lab leaves no process and no folder behind when it stops, even if something is still running", async () => {
  const lab = await startLab();
  lab.deploy({ name: "idle", dir: bundle.dir });
  lab.deploy({ name: "busy", dir: bundle.dir });
  const idle = reported(await lab.invoke("idle", tell));
  const busy = reported(await lab.invoke("busy", tell));
  const cutOff = lab.invoke("busy", hang).catch((error: unknown) => error);
  await lab.received((event) => event.type === "invocation-started" && event.function === "busy" && !event.coldStart);

  await lab.stop();

  expect(await cutOff).toBeInstanceOf(Error);
  for (const { pid } of [idle, busy]) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  for (const { env } of [idle, busy]) expect(existsSync(env.TMPDIR ?? "/")).toBe(false);
});
