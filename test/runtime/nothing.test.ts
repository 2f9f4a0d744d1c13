import { describe, expect, test } from "vitest";
import { costOfNothing, goalOfNothing, nothingKinds, nothingPhases } from "../support/nothing.ts";

describe.each(nothingPhases)("a service that gives nothing in %s", (phase) => {
  test.each(nothingKinds)(
    "but %s ends the run, which says so, within few requests, logins and minutes",
    async (kind) => {
      const cost = await costOfNothing({ kind, phase });

      const { requests, logins, minutes } = goalOfNothing({ kind, phase });
      expect(cost).toMatchObject({ code: expect.any(String) });
      expect(cost.requests).toBeLessThanOrEqual(requests);
      expect(cost.logins).toBeLessThanOrEqual(logins);
      expect(cost.minutes).toBeLessThanOrEqual(minutes);
    },
  );
});
