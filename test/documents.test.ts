import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { findingSigns } from "../shared/core/finding.ts";

const root = join(import.meta.dirname, "..");
// The changelog names what once was.
const documents = globSync("{*.md,docs/*.md,lab/*.md,test/support/*.md}", { cwd: root }).filter(
  (file) => file !== "CHANGELOG.md",
);

/** Paths of this repository in a text, without patterns and placeholders. */
function pathsIn(text: string): string[] {
  const folders = "audit|aws|cli|core|docs|functions|infra|jobs|lab|ringcentral|runtime|shared|storage|test|wiring";
  const found = text.match(new RegExp(`(?<![\\w./-])(?:${folders})/[\\w./*<>{},-]*`, "g")) ?? [];
  const isFile = (path: string) => /^(?:cli|docs|functions|infra|lab|shared|test)\//.test(path) || path.endsWith(".ts");
  return found
    .filter((path) => !/[*<>{}]/.test(path))
    .map((path) => path.replace(/[.,/]+$/, ""))
    .filter(isFile);
}

/** A path is given from the root, from `shared/`, or from the document's folder. */
function exists(document: string, path: string): boolean {
  const places = [path, `${path}.ts`, join("shared", path), join(dirname(document), path)];
  return places.some((place) => existsSync(join(root, place)));
}

/** Targets of relative links: file and heading. */
function linksIn(text: string): (readonly [file: string, heading: string])[] {
  const targets = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)];
  return targets.map(([, file = "", heading = ""]) => [file, heading] as const);
}

/** Headings as GitHub makes them anchors. */
function anchorsIn(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe.each(documents)("%s", (document) => {
  const text = readFileSync(join(root, document), "utf8");

  test("names only paths that exist", () => {
    expect(pathsIn(text).filter((path) => !exists(document, path))).toEqual([]);
  });

  test("links only to files and headings that exist", () => {
    const broken = linksIn(text).filter(([file, heading]) => {
      const target = file === "" ? join(root, document) : join(root, dirname(document), file);
      if (!existsSync(target)) return true;
      return heading !== "" && !anchorsIn(readFileSync(target, "utf8")).includes(heading);
    });

    expect(broken).toEqual([]);
  });
});

test("each decision is dated and names its files", () => {
  const text = readFileSync(join(root, "docs/decisions.md"), "utf8");
  const decisions = text.split(/^(?=\*\*)/m).slice(1);

  expect(decisions.length).toBeGreaterThan(50);
  for (const decision of decisions) {
    expect(decision).toMatch(/^\*\*[^*]+\.\*\* \d{4}-\d{2}-\d{2}\.\n/);
    expect(decision).toMatch(/^- Files: `/m);
  }
});

test("the newest decision of each subject comes first", () => {
  const text = readFileSync(join(root, "docs/decisions.md"), "utf8");
  const dates = text
    .split(/^## /m)
    .map((subject) => [...subject.matchAll(/^\*\*.*\*\* ([\d-]{10})\.$/gm)].map(([, date]) => date));

  expect(dates.flat().length).toBeGreaterThan(50);
  for (const ofSubject of dates) expect(ofSubject).toEqual(ofSubject.toSorted().reverse());
});

test("docs/decisions.md gives a reason for each dependency, whose version is exact", () => {
  const text = readFileSync(join(root, "docs/decisions.md"), "utf8");
  const packages = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const versions: Record<string, string> = {
    ...packages.dependencies,
    ...packages.devDependencies,
    ...packages.optionalDependencies,
  };
  const named = [...text.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, names = ""]) => names.match(/[^`, ]+/g) ?? []);

  expect(named.toSorted()).toEqual(Object.keys(versions).toSorted());
  for (const version of Object.values(versions)) expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
});

test("docs/operations.md has a remedy for each finding", () => {
  const text = readFileSync(join(root, "docs/operations.md"), "utf8");
  const rows = text.split("| finding | meaning | remedy |\n")[1]?.split("\n\n")[0]?.split("\n").slice(1) ?? [];
  const cells = rows.map((row) => row.split(" | "));

  expect(
    cells
      .flatMap(([codes = ""]) => codes.match(/[a-z-]+/g))
      .filter((code) => code && code in findingSigns)
      .toSorted(),
  ).toEqual(Object.keys(findingSigns).toSorted());
  for (const [, , remedy = ""] of cells) expect(remedy).toMatch(/npx nightshift|verify again/);
});

test("paths, links and headings are found in a text", () => {
  const text = "See `shared/core/no-such.ts`, `core/none.ts` and [it](docs/none.md#a-b).\n## A `b`: c\n";

  expect(pathsIn(text).filter((path) => !exists("README.md", path))).toEqual(pathsIn(text));
  expect(pathsIn(text)).toEqual(["shared/core/no-such.ts", "core/none.ts", "docs/none.md"]);
  expect(linksIn(text)).toEqual([["docs/none.md", "a-b"]]);
  expect(anchorsIn(text)).toEqual(["a-b-c"]);
});
