import { describe, expect, test } from "vitest";
import { apiError, readErrorCode } from "../../../shared/ringcentral/http/api-error.ts";
import { defaultTimeouts } from "../../../shared/ringcentral/http/timeouts.ts";

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
  ["at the top beside an invalid list", { errorCode: "CMN-102", errors: number }, ["CMN-102", undefined]],
  ["nowhere", { message: number }, [undefined, undefined]],
])("RingCentral's codes are found %s", async (_where, body, expected) => {
  const { errorCode, permissionName } = await readErrorCode(Response.json(body), defaultTimeouts);

  expect([errorCode, permissionName]).toEqual(expected);
});

test.each([number, "two words", "a".repeat(50), "", "16505550100", "CMN-102\n"])(
  "a text that is not spelt like a code (%j) is left out",
  async (text) => {
    const body = { errorCode: text, permissionName: text, errors: [{ errorCode: text }] };

    const codes = await readErrorCode(Response.json(body), defaultTimeouts);

    expect(codes).toEqual({ errorCode: undefined, permissionName: undefined });
  },
);

test.each([
  [requestId, requestId],
  [number, undefined],
])("the request id %s is reported as %s", (given, reported) => {
  const response = new Response(null, { status: 404, headers: { rcrequestid: given } });

  const error = apiError("/restapi", response, { errorCode: undefined, permissionName: undefined });

  expect(error.details.requestId).toBe(reported);
});

test.each([
  ["GET /restapi/v1.0/account/7/recording/9/content", /requested again .* given up after 14 days/],
  ["GET /restapi/v1.0/account/~/call-log", /^Check the credential's server/],
])("the hint for a resource that does not exist depends on the resource: %s", (request, hint) => {
  const codes = { errorCode: "CMN-102", permissionName: undefined };

  const error = apiError(request, new Response(null, { status: 404 }), codes);

  expect(error.code).toBe("API_NOT_FOUND");
  expect(error.hint).toMatch(hint);
});

describe("a refusal names the permissions that it needs, of the app and of the service user's role, for", () => {
  test.each([
    ["GET /restapi/v1.0/account/~", "ReadAccounts", "Users"],
    ["GET /restapi/v1.0/account/~/call-recording", "ReadAccounts", "Users"],
    ["GET /restapi/v1.0/account/~/call-log", "ReadCallLog", "Company Call Log → View Only"],
    [
      "GET /restapi/v1.0/account/7/recording/9/content",
      "ReadCallRecording",
      "Access Recordings and Download & Delivery",
    ],
    ["POST /analytics/calls/v1/accounts/7/timeline/fetch", "Analytics", "none that RingCentral documents"],
  ])("%s", (request, scope, role) => {
    for (const status of [401, 403, 404]) {
      const response = new Response(null, { status });

      const error = apiError(request, response, { errorCode: undefined, permissionName: undefined });

      expect(error.code).toBe("API_REFUSED");
      expect(error.hint).toContain(`This API request needs the app scope ${scope}, and in the role: `);
      expect(error.hint).toContain(role);
    }
  });
});
