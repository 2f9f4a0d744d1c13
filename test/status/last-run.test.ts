import { expect, test } from "vitest";
import { readStatus } from "../../shared/status/read-status.ts";
import { smallAccount } from "../support/collect-analytics/small-account.ts";
import { enterFastWorld } from "../support/enter-fast-world.ts";

test("the status names run-failed from a run that failed to one that ended well", async () => {
  const { archive, state, clock, run, ringCentral } = await enterFastWorld({
    account: { ...smallAccount, calls: { perDay: 2 } },
  });
  const nextNight = async () => {
    clock.advance(24 * 3_600_000);
    await run("archive-calls");
  };
  const read = async () => {
    const now = () => new Date(clock.now());
    const { toDo, runs = [] } = await readStatus({ archive, state, account: undefined, now });
    return [toDo.includes("run-failed"), runs.find(({ job }) => job === "archive-calls")?.hasFailed];
  };
  await run("archive-calls");
  expect(await read()).toEqual([false, false]);

  ringCentral().plan({ on: "callLog", what: { status: 403 }, times: "always" });
  await nextNight();
  expect(await read()).toEqual([true, true]);

  ringCentral().clearFaults();
  await nextNight();
  expect(await read()).toEqual([false, false]);
});
