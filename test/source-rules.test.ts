import { globSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { version } from "../shared/version.ts";

const root = join(import.meta.dirname, "..");
const sources = globSync("{cli,functions,shared}/**/*.ts", { cwd: root }).map((file) => file.split(sep).join("/"));
const textOf = (file: string) => readFileSync(join(root, file), "utf8");

describe("a client of the AWS SDK", () => {
  const without = (text: string) =>
    [...text.matchAll(/new \w+Client\(\{([\s\S]*?)\}\)/g)].filter(
      ([, options = ""]) =>
        !/requestHandler: (?:awsTimeouts|userRequestHandler\(|\{ connectionTimeout: [\d_]+, socketTimeout: [\d_]+ \})/.test(
          options,
        ),
    );

  test("has time-outs, because without them it waits for ever", () => {
    expect(sources.filter((file) => /new \w+Client\(\{/.test(textOf(file))).length).toBeGreaterThan(3);
    expect(sources.filter((file) => without(textOf(file)).length > 0)).toEqual([]);
  });

  test.each(["new S3Client({})", "new LambdaClient({ region })", "new S3Client({ requestHandler: handler })"])(
    "without time-outs is found: %s",
    (text) => {
      expect(without(`const client = ${text};`)).toHaveLength(1);
    },
  );
});

test("the version that a report names is that of package.json", () => {
  expect(version).toBe(JSON.parse(textOf("package.json")).version);
});

describe("a test file", () => {
  const awaited = (text: string) => text.match(/^(?:(?:export )?(?:const|let) [^\n]*=\s*)?await\b[^\n]*/gm) ?? [];

  test("does nothing before its first test, because a failure at its top level names no test", () => {
    const found = globSync("test/**/*.test.ts", { cwd: root }).flatMap((file) =>
      awaited(textOf(file)).map((line) => `${file}: ${line}`),
    );

    expect(found).toEqual([]);
  });

  test.each(["const undisturbed = await night();", "let { a } =\n  await night();", "await night();"])(
    "that does something before its first test is found: %s",
    (text) => {
      expect(awaited(`import "x";\n${text}\n`)).toHaveLength(1);
      expect(awaited("test(async () => {\n  const run = await night();\n});")).toEqual([]);
    },
  );
});

test("`test/support/README.md` lists every file of test/support and nothing else", () => {
  const listed = [...textOf("test/support/README.md").matchAll(/^- `([^`]+)`: \S/gm)].map(([, file]) => file);
  const files = globSync("**/*.ts", { cwd: join(root, "test/support") }).map((file) => file.split(sep).join("/"));

  expect(listed.toSorted()).toEqual(files.toSorted());
});
