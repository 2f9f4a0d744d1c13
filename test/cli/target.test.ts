import { describe, expect, test } from "vitest";
import { parsePlace, place, targetErrors, targetTexts } from "../../cli/target.ts";

describe("a place", () => {
  test.each(["Archive", "x", "s3://", "s3://Archive", "", "bucket_name"])("is not %j", (text) => {
    expect(place(text)).toBe("expected a bucket's name, s3://<bucket>, or a folder such as ./copy");
  });

  test.each(["archive", "s3://archive", "s3://archive/"])("may name a bucket as %s", (text) => {
    expect(parsePlace(text)).toEqual({ bucket: "archive" });
  });

  test("may name an access point", () => {
    const arn = "arn:aws:s3:eu-central-1:123456789012:accesspoint/audit";

    expect(parsePlace(arn)).toEqual({ bucket: arn });
  });

  test.each([".", "./copy", "archive/lab", "/srv/copy", "copy/", "..\\copy"])("may be the folder %s", (text) => {
    expect(parsePlace(text)).toEqual({ folder: text });
  });
});

describe("a target", () => {
  test("is either a stack or a bucket", () => {
    expect(targetErrors({})).toEqual(["--stack or --bucket is missing"]);
    expect(targetErrors({ stack: "prod", bucket: "archive" })).toEqual(["--stack and --bucket cannot be combined"]);
    expect([targetErrors({ stack: "prod" }), targetErrors({ bucket: "archive" })]).toEqual([[], []]);
  });

  test.each(["a b", "-x", "a/b"])("has no stack called %j", (stack) => {
    expect(targetTexts.stack.check(stack)).toBe("expected the name of a stack");
  });
});
