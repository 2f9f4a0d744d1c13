import { describe, expect, test } from "vitest";
import {
  createOutages,
  maxCostOfOutage,
  type OutageKind,
  type OutagePhase,
  outageKinds,
  outagePhases,
} from "../support/outage.ts";

/** Failures that are told from a 500 in one request only, not in what the run does about them: the listing shows it. */
const likeA500: readonly OutageKind[] = ["broken connection", "503", "garbage"];
/** Both jobs log in and ask for their account alike: all kinds strike there in one, and each kind of end in the other. */
const alike: readonly OutagePhase[] = ["analytics: login", "analytics: account"];
const ends: readonly OutageKind[] = ["401", "429", "500"];

const kindsIn = (phase: OutagePhase) => {
  if (phase === "archive: list") return outageKinds;
  if (alike.includes(phase)) return ends;
  return outageKinds.filter((kind) => !likeA500.includes(kind));
};

const costOfOutage = createOutages();

describe.each(outagePhases)("an outage in the phase %s", (phase) => {
  test.each(kindsIn(phase))(
    "by %s ends the run, which says so, within few requests, logins and minutes",
    async (kind) => {
      const cost = await costOfOutage({ kind, phase });

      const { requests, logins, minutes } = maxCostOfOutage({ kind, phase });
      expect(cost).toMatchObject({ code: expect.any(String) });
      expect(cost.requests).toBeLessThanOrEqual(requests);
      expect(cost.logins).toBeLessThanOrEqual(logins);
      expect(cost.minutes).toBeLessThanOrEqual(minutes);
    },
  );
});
