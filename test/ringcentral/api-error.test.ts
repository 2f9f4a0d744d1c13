import { expect, test } from "vitest";
import { apiError, readErrorCode } from "../../shared/ringcentral/api-error.ts";
import { defaultTimeLimits } from "../../shared/ringcentral/time-limits.ts";

const requestId = "f88750c0-259c-11e7-bfc6-005056977b15";
const number = "+16505550100";

test.each([
  ["at the top", { errorCode: "CMN-102" }, ["CMN-102", undefined]],
  ["in the list", { errors: [{ errorCode: "CMN-408", permissionName: "ReadCallLog" }] }, ["CMN-408", "ReadCallLog"]],
  [
    "in both places: the list's code is the narrower",
    { errorCode: "CMN-1", errors: [{ errorCode: "CMN-2" }] },
    ["CMN-2", undefined],
  ],
  ["at the top beside a list that is none", { errorCode: "CMN-102", errors: number }, ["CMN-102", undefined]],
  ["nowhere", { message: number }, [undefined, undefined]],
])("RingCentral's codes are read where they are: %s", async (_where, body, expected) => {
  const { errorCode, permissionName } = await readErrorCode(Response.json(body), defaultTimeLimits);

  expect([errorCode, permissionName]).toEqual(expected);
});

test.each([number, "two words", "a".repeat(50), "", "16505550100", "CMN-102\n"])(
  "what is not spelt like a code (%j) may be anything and is left out",
  async (text) => {
    const body = { errorCode: text, permissionName: text, errors: [{ errorCode: text }] };

    const codes = await readErrorCode(Response.json(body), defaultTimeLimits);

    expect(codes).toEqual({ errorCode: undefined, permissionName: undefined });
  },
);

test.each([
  [requestId, requestId],
  [number, undefined],
])("of the request ids %s is told as %s", (given, told) => {
  const response = new Response(null, { status: 404, headers: { rcrequestid: given } });

  const error = apiError("/restapi", response, { errorCode: undefined, permissionName: undefined });

  expect(error.details.requestId).toBe(told);
});
