import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { jobs } from "../shared/jobs.ts";

const root = join(import.meta.dirname, "..");
const jobFolders = new Set<string>(Object.values(jobs).map(({ folder }) => `shared/${folder}`));

/** What each folder may import besides itself; `top` is what lies at the top of shared/, which is read by both sides. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  functions: ["job", "shared/runtime", "top"],
  infra: ["top", "shared/core"],
  job: [
    "shared/services",
    "shared/storage",
    "shared/ringcentral",
    "shared/aws",
    "shared/runtime",
    "shared/core",
    "top",
  ],
  "shared/services": ["shared/storage", "shared/ringcentral", "shared/aws", "shared/runtime", "shared/core", "top"],
  "shared/audit": ["shared/storage", "shared/aws", "shared/core", "top"],
  "shared/storage": ["shared/aws", "shared/core", "top"],
  "shared/ringcentral": ["shared/core", "top"],
  "shared/aws": ["shared/core", "top"],
  "shared/runtime": ["shared/core", "top"],
  "shared/core": [],
  top: [],
};

interface Import {
  readonly file: string;
  readonly imported: string;
}

const sources = globSync("{functions,infra,shared}/**/*.ts", { cwd: root }).map((file) => file.split(sep).join("/"));
const textOf = (file: string) => readFileSync(join(root, file), "utf8");

function importsIn(file: string, text: string): Import[] {
  const paths = [...text.matchAll(/(?:\bfrom|\bimport\()\s*["'`](\.[^"'`]+)["'`]/g)].map(([, path = ""]) => path);
  return paths.map((path) => ({
    file,
    imported: normalize(join(dirname(file), path))
      .split(sep)
      .join("/"),
  }));
}

/** The folder that a file's arrows are those of; a pattern stands for every job's. */
function kindOf(file: string): string {
  const [first = "", second = "", ...rest] = file.split("/");
  if (first !== "shared") return first;
  if (rest.length === 0) return "top";
  const folder = `${first}/${second}`;
  return jobFolders.has(folder) || second.startsWith("$") ? "job" : folder;
}

function folderOf(file: string): string {
  return file.split("/").slice(0, 2).join("/");
}

function isAllowed({ file, imported }: Import): boolean {
  const [from, to] = [kindOf(file), kindOf(imported)];
  // No job imports another.
  if (from === "job" && to === "job") return folderOf(file) === folderOf(imported);
  return from === to || (allowed[from]?.includes(to) ?? false);
}

const said = ({ file, imported }: Import) => `${file} -> ${imported}`;

describe("imports", () => {
  test("go along the arrows of the house, and no other way", () => {
    const broken = sources.flatMap((file) => importsIn(file, textOf(file))).filter((each) => !isAllowed(each));

    expect(broken.map(said)).toEqual([]);
  });

  test.each<[string, string]>([
    ["shared/audit/verify.ts", "shared/archive/day-file.ts"],
    ["shared/archive/close-days.ts", "shared/tables/find-days.ts"],
    ["shared/core/days.ts", "shared/errors.ts"],
    ["shared/core/days.ts", "shared/aws/bucket.ts"],
    ["shared/runtime/slice.ts", "shared/ringcentral/client.ts"],
    ["infra/app.ts", "shared/runtime/config.ts"],
    ["shared/aws/bucket.ts", "test/lab/clock.ts"],
    ["shared/new-folder/file.ts", "shared/core/days.ts"],
  ])("from %s to %s are broken arrows", (file, imported) => {
    expect(isAllowed({ file, imported })).toBe(false);
  });
});

describe("core/ is pure", () => {
  const impure =
    /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(|\bMath\.random\b|\b(?:process|performance|crypto)\./g;
  const foundIn = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "").match(impure) ?? [];

  test("time and chance are handed in", () => {
    const found = sources
      .filter((file) => file.startsWith("shared/core/"))
      .flatMap((file) => foundIn(textOf(file)).map((each) => `${file}: ${each}`));

    expect(found).toEqual([]);
  });

  test.each([
    "Date.now()",
    "new Date()",
    "new Date( )",
    "Date()",
    "Math.random()",
    "crypto.randomUUID()",
    "process.env",
  ])("%s is found where it is used", (text) => {
    expect(foundIn(`const at = ${text};`)).toHaveLength(1);
    expect(foundIn(`// ${text}\nnew Date(0)`)).toEqual([]);
  });
});

describe("a client of the AWS SDK has time-outs", () => {
  const without = (text: string) =>
    [...text.matchAll(/new \w+Client\(\{([\s\S]*?)\}\)/g)].filter(
      ([, options = ""]) =>
        !/requestHandler: (?:awsTimeouts|\{ connectionTimeout: [\d_]+, socketTimeout: [\d_]+ \})/.test(options),
    );

  test("without which it waits for ever", () => {
    const clients = sources.filter((file) => file.startsWith("functions/") || file.startsWith("shared/"));

    expect(clients.filter((file) => /new \w+Client\(\{/.test(textOf(file))).length).toBeGreaterThan(3);
    expect(clients.filter((file) => without(textOf(file)).length > 0)).toEqual([]);
  });

  test.each(["new S3Client({})", "new LambdaClient({ region })", "new S3Client({ requestHandler: handler })"])(
    "%s is found",
    (text) => {
      expect(without(`const client = ${text};`)).toHaveLength(1);
    },
  );
});

test("every job has its folder, with the check of its requests in it", () => {
  for (const folder of jobFolders) expect(sources).toContain(`${folder}/start.ts`);
});

describe("a test file does nothing before its first test", () => {
  const awaited = (text: string) => text.match(/^(?:(?:export )?(?:const|let) [^\n]*=\s*)?await\b[^\n]*/gm) ?? [];

  test("for what fails at its top level names no test", () => {
    const found = globSync("test/**/*.test.ts", { cwd: root }).flatMap((file) =>
      awaited(textOf(file)).map((line) => `${file}: ${line}`),
    );

    expect(found).toEqual([]);
  });

  test.each(["const undisturbed = await night();", "let { a } =\n  await night();", "await night();"])(
    "%s is found",
    (text) => {
      expect(awaited(`import "x";\n${text}\n`)).toHaveLength(1);
      expect(awaited("test(async () => {\n  const run = await night();\n});")).toEqual([]);
    },
  );
});
