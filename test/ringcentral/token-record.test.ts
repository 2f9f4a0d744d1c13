import { describe, expect, test } from "vitest";
import { nextMove, TokenRecord } from "../../shared/ringcentral/token-record.ts";
import { at, recordOf, start } from "./broker-desk.ts";

const now = new Date(start);
const farAway = "9999-12-31T23:59:59.000Z";
const refused = { is: "refused", code: "OAU-213", at: at(-60), until: at(3_540), final: true } as const;

test("a record that this code wrote is read back", async () => {
  const record = await recordOf({ state: refused, exchanges: [at(-60)] });

  expect(TokenRecord.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
});

test.each([
  ["an exchange began at no time", { exchanges: ["yesterday"] }],
  ["a refusal's code holds something else", { state: { ...refused, code: "+16505550100 is locked" } }],
  ["a refusal ends at no time", { state: { ...refused, until: "+275760-09-13T00:00:00.000Z" } }],
  ["a token expires at no time", { token: { sealed: "x", expiresAt: "", renewAt: at(0) } }],
  ["a state has another name", { state: { is: "idle" } }],
])("where %s, it is none of ours and is written over", async (_what, wrong) => {
  expect(TokenRecord.safeParse({ ...(await recordOf({})), ...wrong }).success).toBe(false);
});

describe("what is said to happen in the far future holds nobody up:", () => {
  test.each([
    ["an exchange", { state: { is: "exchanging", since: farAway } }],
    ["four exchanges", { exchanges: Array(4).fill(farAway) }],
    ["a refusal", { state: { ...refused, at: farAway, until: farAway } }],
  ] as const)("%s", async (_what, plan) => {
    expect(nextMove(await recordOf(plan), now, false)).toEqual({ is: "exchange" });
  });
});

test("a refusal that is to last for ever lasts an hour", async () => {
  const record = await recordOf({ state: { ...refused, until: farAway } });

  const moves = [3_539, 3_541].map((seconds) => nextMove(record, new Date(start + seconds * 1000), false).is);

  expect(moves).toEqual(["refused", "exchange"]);
});
