import { describe, expect, test } from "vitest";
import { costOfOutage, maxCostOfOutage, outageKinds, outagePhases } from "../support/outage.ts";

describe.each(outagePhases)("an outage in the phase %s", (phase) => {
  test.each(outageKinds)("by %s ends the run, which says so, within few requests, logins and minutes", async (kind) => {
    const cost = await costOfOutage({ kind, phase });

    const { requests, logins, minutes } = maxCostOfOutage({ kind, phase });
    expect(cost).toMatchObject({ code: expect.any(String) });
    expect(cost.requests).toBeLessThanOrEqual(requests);
    expect(cost.logins).toBeLessThanOrEqual(logins);
    expect(cost.minutes).toBeLessThanOrEqual(minutes);
  });
});
