import { expect, test } from "vitest";
import { printsLink } from "./prints-link.ts";

test("a command prints a link only if it is of a page in a bucket, copies none and gives no help", () => {
  const page = (...options: string[]) => printsLink(["page", ...options]);

  expect([page("--stack", "lab"), page("2026-11-02", "--bucket", "s3://derived/")]).toEqual([true, true]);
  expect([page("--bucket", "./copy"), page("--bucket=copy/"), page("--stack", "lab", "--help")]).toEqual([
    false,
    false,
    false,
  ]);
  expect([page("--stack", "lab", "--into", "pages"), printsLink(["status", "--stack", "lab"])]).toEqual([false, false]);
});
