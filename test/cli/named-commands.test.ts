import { globSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const sources = "{cli,functions,infra,shared,lab/demo}/**/*.ts";
const documents = "{*.md,docs/*.md,lab/*.md}";
/** Where commands are put together from parts. */
const composing = ["cli/with-target.ts"];
const files = globSync([sources, documents], { cwd: root })
  .map((file) => file.split(sep).join("/"))
  .filter((file) => !file.endsWith(".test.ts") && file !== "CHANGELOG.md" && !composing.includes(file));

/** Commands that need neither a stack nor a bucket. */
const needsNothing = /^(?:query|<command>|--help|report report\.json)/;

/** Every `npx nightshift …` of a text, up to the end of its line, sentence or quotation. */
function commandsIn(text: string): string[] {
  return (text.match(/npx nightshift [^`"\n|;)]*?(?=[`"\n|;)]|\.(?:\s|$)|$)/g) ?? []).map((each) => each.trim());
}

/** True if the command names what it works on, or needs nothing. */
function isWhole(command: string): boolean {
  return needsNothing.test(command.slice("npx nightshift ".length)) || /--(?:stack|bucket|help)\b/.test(command);
}

describe("a command that a hint, a document or an alarm names", () => {
  test("has the stack or the bucket that it needs", () => {
    const found = files.flatMap((file) =>
      commandsIn(readFileSync(join(root, file), "utf8")).flatMap((command) =>
        isWhole(command) ? [] : [`${file}: ${command}`],
      ),
    );

    expect(found).toEqual([]);
  });

  test.each(["npx nightshift restore: it", "npx nightshift verify.", "npx nightshift run build-tables --rebuild"])(
    "and lacks it is found: %s",
    (text) => {
      expect(commandsIn(`Run ${text}`).filter((command) => !isWhole(command))).toHaveLength(1);
    },
  );

  test("some are found in hints, in alarms and in documents", () => {
    for (const folder of ["cli/", "shared/", "docs/"])
      expect(
        files
          .filter((file) => file.startsWith(folder))
          .flatMap((file) => commandsIn(readFileSync(join(root, file), "utf8"))).length,
      ).toBeGreaterThan(5);
  });
});
