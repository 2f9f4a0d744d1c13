import { expect, test } from "vitest";
import { realLimits } from "../../../lab/ringcentral/rate-limiter.ts";
import { type RateGroup, rateGroups } from "../../../shared/contract.ts";
import { pauseOf } from "../../support/ringcentral/open-client.ts";
import { clientTo, type ScriptedClient } from "../../support/ringcentral/scripted-client.ts";

const start = Date.parse("2026-11-04T08:30:00Z");

/** Creates a client whose responses count each request in `counted`, down from the group's limit. */
function clientCountedIn(counted: RateGroup): ScriptedClient {
  let { limit: remaining } = realLimits[counted];
  const response = () =>
    new Response("{}", {
      headers: {
        "x-rate-limit-group": counted,
        "x-rate-limit-limit": String(realLimits[counted].limit),
        "x-rate-limit-remaining": String(--remaining),
        "x-rate-limit-window": "60",
      },
    });
  return clientTo(response, { now: () => new Date(start) });
}

/** Sends requests of `group` until one pauses; returns until when. */
async function sendAll({ client, requested }: ScriptedClient, group: RateGroup): Promise<[number, Date]> {
  const send = () => client.sendText("/restapi", { group });
  for (let sent = 0; sent < 100; sent++) {
    const pause = await send().then(
      () => undefined,
      (error: unknown) => pauseOf(Promise.reject(error)),
    );
    if (pause) return [requested.length, pause.until];
  }
  throw new Error("no request paused");
}

test.each(rateGroups)("in the group %s exactly as many requests are sent as it allows", async (group) => {
  expect(await sendAll(clientCountedIn(group), group)).toEqual([realLimits[group].limit, new Date(start + 60_000)]);
});

test("a group that is used up leaves the others alone", async () => {
  const scripted = clientCountedIn("heavy");
  await sendAll(scripted, "heavy");

  const others = rateGroups.filter((group) => group !== "heavy").map(scripted.client.gate);

  expect(others.map((gate) => gate.nextWindowAt())).toEqual([undefined, undefined]);
});

test("requests that RingCentral counts in another group are as if it had sent no limit: five a window", async () => {
  const scripted = clientCountedIn("light");

  expect(await sendAll(scripted, "heavy")).toEqual([5, new Date(start + 60_000)]);
  expect(scripted.client.gate("light").nextWindowAt()).toBeUndefined();
});
