import { expect, test } from "vitest";
import { answerJson } from "../../../shared/ringcentral/http/response-json.ts";

const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

test("a response is read up to a hundred levels deep", () => {
  expect(answerJson(nested(100))).toBeDefined();
  expect(answerJson(nested(101))).toBeUndefined();
});

test("a response that is far deeper is refused, without a stack that overflows", () => {
  expect(answerJson(nested(5_000))).toBeUndefined();
  expect(answerJson(nested(1_000_000))).toBeUndefined();
});
