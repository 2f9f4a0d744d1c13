import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { jobs } from "../../shared/jobs.ts";
import { templateOf } from "../support/infra/stack.ts";

const handbook = readFileSync(join(import.meta.dirname, "..", "..", "docs", "operations.md"), "utf8");
const chapterOf = (name: string) => handbook.split(/^## /m).find((part) => part.startsWith(name)) ?? "";

describe("the handbook", () => {
  test("lists, under Permissions, the app scopes that each job requests", () => {
    const rows = [...chapterOf("Permissions").matchAll(/^\| `([\w-]+)` \| `?(\w+)`? \|/gm)];

    const listed = Map.groupBy(rows, ([, job = ""]) => job);
    expect([...listed.keys()]).toEqual(Object.keys(jobs));
    for (const [job, { scopes }] of Object.entries(jobs)) {
      const expected = scopes.length > 0 ? scopes : ["none"];
      expect(
        listed.get(job)?.map(([, , scope]) => scope),
        job,
      ).toEqual([...expected]);
    }
  });

  test("names only outputs that the stack has", () => {
    const ids = Object.keys(templateOf().findOutputs("*"));
    const outputNames = [...handbook.matchAll(/\boutputs? (?:`[^`]+`(?:,| and)? ?)+/g)].flatMap(([text]) =>
      [...text.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
    );

    expect(outputNames.length).toBeGreaterThan(5);
    for (const name of outputNames) {
      const begins = name.replace(/…$/, "");
      const isThere = name.endsWith("…") ? ids.some((id) => id.startsWith(begins)) : ids.includes(name);
      expect(isThere, name).toBe(true);
    }
  });

  test("links only to chapters that exist", () => {
    const anchors = [...handbook.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, "")
        .replaceAll(/\s/g, "-"),
    );

    for (const [, anchor] of handbook.matchAll(/\]\(#([\w-]+)\)/g)) expect(anchors).toContain(anchor);
  });

  test("lists every output of the stack, and no other", () => {
    const rows = /^\| outputs \|.*\n\|-.*\n((?:\|.*\n)+)/m.exec(handbook)?.[1] ?? "";
    const listed = rows.split("\n").flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)]);

    expect(listed.map(([, name]) => name).sort()).toEqual(Object.keys(templateOf().findOutputs("*")).sort());
  });

  test("uses the function `start` only where it is defined: elsewhere the command line", () => {
    const chapters = handbook.split(/^##+ /m).filter((part) => part.includes("start '{"));

    expect(chapters.map((chapter) => chapter.split("\n")[0])).toEqual(["Running manually"]);
  });

  test("gives for each alarm its meaning, one command to look and one to act", () => {
    const alarms = handbook.split(/^## /m).find((part) => part.startsWith("Alarms\n")) ?? "";
    const chapters = alarms.split(/^### /m).slice(1);

    expect(chapters.length).toBeGreaterThan(10);
    for (const chapter of chapters) {
      const name = chapter.slice(0, chapter.indexOf("\n"));
      expect(chapter, name).toMatch(
        /\n\n\*\*Meaning\.\*\* .+?\n- \*\*Look:\*\* `npx nightshift (explain|doctor)[^`]*`\n- \*\*Do:\*\* `npx nightshift [^`]+`/s,
      );
      if (!chapter.includes("nightshift doctor --stack <name>`\n"))
        expect(chapter, name).toContain(`npx nightshift explain ${name} --stack <name>`);
    }
  });
});
