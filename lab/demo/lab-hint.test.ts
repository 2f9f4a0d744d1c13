import { expect, test } from "vitest";
import { labHint } from "./lab-hint.ts";

const linkNote = expect.stringContaining("In the lab the link ends with its command.");
const afterPage = (...options: string[]) => labHint(["page", ...options], 0);

test("a page's link ends with its command, which is said where one was printed", () => {
  expect([afterPage("--stack", "lab"), afterPage("2026-11-02", "--bucket", "s3://derived/")]).toEqual([
    linkNote,
    linkNote,
  ]);
});

test("a command prints no link if it fails, is not of a page in a bucket, copies pages or gives help", () => {
  const silent = [
    labHint(["page", "2026-10-01", "--stack", "lab"], 2),
    afterPage("--bucket", "./copy"),
    afterPage("--bucket=copy/"),
    afterPage("--stack", "lab", "--help"),
    afterPage("--stack", "lab", "--into", "pages"),
    labHint(["status", "--stack", "lab"], 0),
  ];

  expect(silent).toEqual(silent.map(() => undefined));
});

test("no run is at work between two commands of the lab, which follow and stop say, with what to do", () => {
  const hint = expect.stringContaining("npm run lab -- nightshift run --stack lab follows one to its end.");

  expect([labHint(["follow", "--stack", "lab"], 2), labHint(["stop", "--stack", "lab"], 0)]).toEqual([hint, hint]);
  expect([labHint(["stop", "--help"], 0), labHint(["run", "--stack", "lab"], 0)]).toEqual([undefined, undefined]);
});
