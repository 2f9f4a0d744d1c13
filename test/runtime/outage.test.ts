import { describe, expect, test } from "vitest";
import { costOfOutage, maxCostOfOutage, type OutageKind, outageKinds, outagePhases } from "../support/outage.ts";

/** Failures that are told from a 500 in one request only, not in what the run does about them: the listing shows it. */
const likeA500: readonly OutageKind[] = ["broken connection", "503", "garbage"];

describe.each(outagePhases)("an outage in the phase %s", (phase) => {
  const kinds = outageKinds.filter((kind) => phase === "archive: list" || !likeA500.includes(kind));

  test.each(kinds)("by %s ends the run, which says so, within few requests, logins and minutes", async (kind) => {
    const cost = await costOfOutage({ kind, phase });

    const { requests, logins, minutes } = maxCostOfOutage({ kind, phase });
    expect(cost).toMatchObject({ code: expect.any(String) });
    expect(cost.requests).toBeLessThanOrEqual(requests);
    expect(cost.logins).toBeLessThanOrEqual(logins);
    expect(cost.minutes).toBeLessThanOrEqual(minutes);
  });
});
