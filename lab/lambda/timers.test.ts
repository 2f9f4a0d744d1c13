import { expect, onTestFinished, test } from "vitest";
import { createClock } from "../clock.ts";
import { createTimers } from "./timers.ts";

function started(skipWaits: boolean) {
  const clock = createClock(new Date("2026-11-01T00:00:00Z"));
  const timers = createTimers({ clock, skipWaits });
  onTestFinished(timers.stop);
  const fired = (dueInMs: number, options = {}) =>
    new Promise<number>((resolve) => timers.at(clock.now() + dueInMs, () => resolve(clock.now()), options));
  return { clock, timers, fired, start: clock.now() };
}

/** Waits until all pending work of the event loop is done. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

const hour = 3_600_000;

test("the lab's timers advance the clock for a wait, and for no deadline", async () => {
  const { clock, fired, start } = started(true);
  const deadline = fired(24 * hour, { skippable: false });

  await fired(hour);

  await turns();
  expect(clock.now() - start).toBeLessThan(2 * hour);
  expect(await Promise.race([deadline, "not yet"])).toBe("not yet");
});

test("the lab's timers meet a deadline that comes before a later wait", async () => {
  const { fired, start } = started(true);

  const [deadline, wait] = await Promise.all([fired(hour, { skippable: false }), fired(2 * hour)]);

  expect(deadline - start).toBeLessThan(1.1 * hour);
  expect(wait - start).toBeGreaterThanOrEqual(2 * hour);
});

test("the lab's timers do not advance the clock while it is held, even if it was released for an instant", async () => {
  const { clock, timers, fired, start } = started(true);
  const release = timers.hold();
  const wait = fired(hour);
  release();
  const releaseAgain = timers.hold();
  await turns();
  const heldMs = clock.now() - start;

  releaseAgain();
  await wait;

  expect(heldMs).toBeLessThan(hour);
  expect(clock.now() - start).toBeGreaterThanOrEqual(hour);
});

test("the lab's timers fire in the order of their due times after the clock was advanced past them", async () => {
  const { clock, timers, fired } = started(false);
  const order: string[] = [];
  const cancel = timers.at(clock.now() + hour, () => order.push("cancelled"));
  const later = fired(2 * hour).then(() => order.push("later"));
  const sooner = fired(hour).then(() => order.push("sooner"));

  cancel();
  clock.advance(2 * hour);
  await Promise.all([later, sooner]);

  expect(order).toEqual(["sooner", "later"]);
});
