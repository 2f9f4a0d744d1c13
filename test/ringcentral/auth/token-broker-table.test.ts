import { describe, expect, test } from "vitest";
import {
  at,
  openBrokerHarness,
  outcomeOf,
  type RecordPlan,
  recordOf,
} from "../../support/ringcentral/broker-harness.ts";
import { credentialOf } from "../../support/ringcentral/credentials.ts";
import type { WriteOutcome } from "../../support/ringcentral/memory-record.ts";

/** A state of the shared record; times are seconds after the start. */
interface State extends RecordPlan {
  readonly name: string;
  /** Error of a caller that needs another token; undefined: it may exchange. `manual` is that of a manual run. */
  readonly blocked?: { readonly automatic: RegExp; readonly manual?: RegExp | undefined };
}

const due = { value: "T0", expiresIn: 300, renewIn: -300 };
const endedAt = (seconds: number, untilSeconds = seconds + 3_600) => ({
  ...{ code: "OAU-213", at: at(seconds), until: at(untilSeconds) },
});
const refused = /^CREDENTIAL_REFUSED OAU-213$/;
const pauses = /^pauses until/;

const states: readonly State[] = [
  { name: "nothing" },
  { name: "a fresh token", token: { value: "T0", expiresIn: 3_600, renewIn: 3_000 } },
  { name: "a token that is due", token: due },
  { name: "a token that has expired", token: { value: "T0", expiresIn: -1, renewIn: -600 } },
  { name: "an exchange under way", state: { type: "exchanging", since: at(-5) }, blocked: { automatic: pauses } },
  {
    name: "an exchange beside a token that is due",
    token: due,
    state: { type: "exchanging", since: at(-5) },
    blocked: { automatic: pauses },
  },
  { name: "an exchange that was lost", state: { type: "exchanging", since: at(-26) } },
  { name: "a refusal of just now", refusal: endedAt(-30), blocked: { automatic: refused } },
  { name: "a refusal of ten minutes ago", refusal: endedAt(-600), blocked: { automatic: refused, manual: undefined } },
  {
    name: "a refusal beside a token that is due",
    token: due,
    refusal: endedAt(-600),
    blocked: { automatic: refused, manual: undefined },
  },
  { name: "a refusal of two hours ago", refusal: endedAt(-7_200) },
  { name: "a failure that passes", state: { type: "failed", ...endedAt(-5, 10) }, blocked: { automatic: pauses } },
  {
    name: "a refusal beside an exchange for another scope",
    refusal: endedAt(-600),
    state: { type: "exchanging", since: at(-5) },
    blocked: { automatic: refused, manual: pauses },
  },
  { name: "another scope's token", scope: "Analytics", token: { value: "T0", expiresIn: 3_600, renewIn: 3_000 } },
  { name: "another scope's refusal", scope: "Analytics", refusal: endedAt(-30) },
  {
    name: "what another credential left",
    by: credentialOf("second"),
    token: { value: "T0", expiresIn: 3_600, renewIn: 3_000 },
  },
  { name: "another credential's refusal", by: credentialOf("second"), refusal: endedAt(-30) },
  {
    name: "another credential's exchange",
    by: credentialOf("second"),
    state: { type: "exchanging", since: at(-5) },
    blocked: { automatic: pauses },
  },
];

const actors = [
  { name: "a schedule's run", manual: false, rejected: false },
  { name: "a manual run", manual: true, rejected: false },
  { name: "the holder of a token that was rejected", manual: false, rejected: true },
];

const rival = { value: "theirs", expiresIn: 3_600, renewIn: 3_000 };
const writes = ["won", "lost", "answer lost", "away"] as const;

describe.each(states)("with $name in the record", (state) => {
  describe.each(actors)("$name", ({ manual, rejected }) => {
    const isOwn = state.by === undefined && state.scope === undefined;
    const living = !rejected && isOwn && state.token && state.token.expiresIn > 0 ? state.token : undefined;
    const isFresh = living !== undefined && living.renewIn > 0;
    const refusal =
      manual && state.blocked && "manual" in state.blocked ? state.blocked.manual : state.blocked?.automatic;

    test.each(writes)("exchanges once at most, and only after its claim was won: %s", async (write) => {
      const harness = openBrokerHarness();
      if (state.name !== "nothing") harness.record.set(await recordOf(state));
      const outcome: WriteOutcome =
        write === "won" ? "by version" : write === "lost" ? { rival: await recordOf({ token: rival }) } : write;
      harness.record.plan(outcome);
      const broker = harness.broker({ isManual: manual });
      if (rejected) broker.reject("T0");

      const got = await outcomeOf(broker);

      const mayExchange = !isFresh && refusal === undefined;
      expect(harness.exchanges).toHaveLength(mayExchange && write === "won" ? 1 : 0);
      if (isFresh || (!mayExchange && living)) expect(got).toBe("T0");
      else if (!mayExchange) expect(got).toMatch(refusal ?? /^$/);
      else if (write === "won") expect(got).toBe("T1");
      else if (write === "lost") expect(got).toBe("theirs");
      else expect(got).toBe(living ? "T0" : "STORAGE_FAILED");
    });
  });
});
