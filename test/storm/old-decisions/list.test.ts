import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { oldDecisions } from "./list.ts";

const shared = join(import.meta.dirname, "..", "..", "..", "shared");
const replaced = Object.entries(oldDecisions).flatMap(([name, { replaced }]) =>
  replaced.map((each) => ({ name, ...each })),
);

test.each(replaced)("the text that $name replaces occurs once in $module", async ({ module, now }) => {
  expect((await readFile(join(shared, module), "utf8")).split(now)).toHaveLength(2);
});
