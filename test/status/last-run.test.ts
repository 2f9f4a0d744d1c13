import { expect, test } from "vitest";
import { readStatus } from "../../shared/status/read-status.ts";
import { smallAccount } from "../support/collect-analytics/small-account.ts";
import { enterFastWorld } from "../support/enter-fast-world.ts";

test("the status names run-failed from a run that failed to one that ended well", async () => {
  const { archive, state, clock, night, nextNight, ringCentral } = await enterFastWorld({
    account: { ...smallAccount, calls: { perDay: 2 } },
    environment: { ANALYTICS_GROUPS: "Company", ANALYTICS_METRICS: "allCalls" },
  });
  const read = async () => {
    const now = () => new Date(clock.now());
    const { toDo, runs = [] } = await readStatus({ archive, state, account: undefined, now });
    return [toDo.includes("run-failed"), runs.find(({ job }) => job === "archive-calls")?.hasFailed];
  };
  await night();
  expect(await read()).toEqual([false, false]);

  ringCentral().plan({ on: "callLog", what: { status: 403 }, times: "always" });
  await nextNight();
  expect(await read()).toEqual([true, true]);

  ringCentral().clearFaults();
  await nextNight();
  expect(await read()).toEqual([false, false]);
});
