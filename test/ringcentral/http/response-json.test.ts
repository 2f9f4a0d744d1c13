import { expect, test } from "vitest";
import { parseResponseJson } from "../../../shared/ringcentral/http/response-json.ts";

const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

test("a response is read up to a hundred levels deep", () => {
  expect(parseResponseJson(nested(100))).toBeDefined();
  expect(parseResponseJson(nested(101))).toBeUndefined();
});

test("a response with deeper nesting is refused without a stack overflow", () => {
  expect(parseResponseJson(nested(5_000))).toBeUndefined();
  expect(parseResponseJson(nested(1_000_000))).toBeUndefined();
});
