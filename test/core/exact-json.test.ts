import fc from "fast-check";
import { expect, test } from "vitest";
import { parseExactJson } from "../../shared/core/exact-json.ts";

test.each([
  '{"id":12345678901234567890}',
  '{"id":-12345678901234567890}',
  "[9007199254740993,1]",
  '{"a":[{"b":99999999999999999999999999}]}',
])("%s is written with the same digits", (text) => {
  expect(JSON.stringify(parseExactJson(text))).toBe(text);
});

test("any integer keeps its digits, in lists and members", () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt(), { maxLength: 5 }), (numbers) => {
      const text = `{"list":[${numbers.join(",")}],"last":${numbers.at(-1) ?? 0n}}`;

      expect(JSON.stringify(parseExactJson(text))).toBe(text);
    }),
  );
});

test("the output of JSON.stringify is written again unchanged", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value, null, 1);

      expect(JSON.stringify(parseExactJson(text), null, 1)).toBe(text);
    }),
  );
});

test("a text of many digits stays a text, beside a number of many digits", () => {
  const value = parseExactJson('{"id":"12345678901234567890","n":12345678901234567890}') as { readonly id: unknown };

  expect(value.id).toBe("12345678901234567890");
});

test("invalid JSON is refused", () => {
  expect(() => parseExactJson('{"id":12345678901234567890')).toThrow(SyntaxError);
});
