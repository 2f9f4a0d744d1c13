import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { describe, expect, test } from "vitest";
import type { JobDeployment } from "../shared/job-deployment.ts";
import { jobs } from "../shared/jobs.ts";

const root = join(import.meta.dirname, "..");

interface Arrows {
  /** Folders that it imports besides itself, with all below them; `/*` means only the files directly in one. */
  readonly folders: readonly string[];
  /** Packages that it imports. A trailing slash stands for all below it; tests and the lab may import any. */
  readonly packages: readonly string[];
}

/**
 * What each folder imports. `top`: the files directly in shared/. `job`: the folder of a job that has no row. `declaration`:
 * the files of a job's folder that only declare it. `auditing`: the file that says how to verify what it keeps. No job
 * imports another.
 */
const arrows: Readonly<Record<string, Arrows>> = {
  cli: {
    folders: [
      "shared/status",
      "shared/audit",
      "shared/query",
      "shared/aws",
      "shared/ringcentral/auth",
      "shared/core",
      "top",
    ],
    packages: ["@aws-sdk/client-s3", "@aws-sdk/s3-request-presigner", "commander", "node:"],
  },
  functions: { folders: ["job", "shared/runtime", "top"], packages: ["@aws-sdk/client-lambda"] },
  infra: {
    folders: ["top", "shared/core"],
    packages: ["aws-cdk-lib", "aws-cdk-lib/", "constructs", "cdk-nag", "esbuild", "zod/mini", "node:"],
  },
  job: {
    folders: [
      "shared/wiring",
      "shared/storage",
      "shared/ringcentral",
      "shared/aws",
      "shared/runtime",
      "shared/core",
      "top",
    ],
    packages: ["zod/mini", "node:"],
  },
  "shared/jobs/build-tables": {
    folders: ["shared/wiring", "shared/storage", "shared/aws", "shared/runtime", "shared/core", "top"],
    packages: ["zod/mini", "hyparquet-writer"],
  },
  "shared/jobs/build-pages": {
    folders: [
      ...["shared/pages", "shared/status", "shared/wiring", "shared/storage", "shared/aws", "shared/runtime"],
      ...["shared/core", "top"],
    ],
    packages: ["zod/mini", "hyparquet", "node:crypto"],
  },
  "shared/jobs/report-status": {
    folders: ["shared/status", "shared/wiring", "shared/storage", "shared/aws", "shared/runtime", "shared/core", "top"],
    packages: ["zod/mini"],
  },
  "shared/jobs/verify-archive": {
    folders: ["shared/audit", "shared/wiring", "shared/storage", "shared/runtime", "shared/core", "top"],
    packages: ["zod/mini"],
  },
  "shared/wiring": {
    folders: ["shared/storage", "shared/ringcentral", "shared/aws", "shared/runtime", "shared/core", "top"],
    packages: ["@aws-sdk/", "zod/mini", "node:"],
  },
  "shared/audit": {
    folders: ["auditing", "shared/storage", "shared/aws", "shared/core", "top"],
    packages: ["jose", "node:"],
  },
  "shared/status": {
    folders: ["shared/audit", "shared/storage", "shared/aws", "shared/core", "top"],
    packages: ["zod/mini"],
  },
  "shared/pages": {
    folders: ["shared/core"],
    packages: ["hono/html", "vega", "vega-lite", "node:crypto"],
  },
  "shared/query": { folders: ["shared/core"], packages: ["@duckdb/node-api", "node:"] },
  "shared/storage": { folders: ["shared/aws", "shared/core", "top"], packages: ["zod/mini", "node:"] },
  "shared/ringcentral/endpoints": {
    folders: ["shared/ringcentral/http", "shared/core", "top"],
    packages: ["zod/mini"],
  },
  "shared/ringcentral/auth": {
    folders: ["shared/ringcentral/http", "shared/core", "top"],
    packages: ["jose", "oauth4webapi", "zod/mini", "node:crypto"],
  },
  "shared/ringcentral/http": { folders: ["shared/core", "top"], packages: ["zod/mini"] },
  "shared/aws": { folders: ["shared/core", "top"], packages: ["@aws-sdk/", "zod/mini", "node:"] },
  "shared/runtime": {
    folders: ["shared/core", "top"],
    packages: [
      "@aws-lambda-powertools/",
      "@aws-sdk/client-lambda",
      "@aws/durable-execution-sdk-js",
      "zod/mini",
      "node:",
    ],
  },
  "shared/core/tables": {
    folders: ["shared/core/*", "shared/core/calls", "shared/core/analytics", "shared/core/time"],
    packages: [],
  },
  "shared/core/calls": {
    folders: ["shared/core/*", "shared/core/time"],
    packages: ["zod/mini", "node:crypto"],
  },
  "shared/core/analytics": {
    folders: ["shared/core/*", "shared/core/time"],
    packages: ["zod/mini"],
  },
  "shared/core/access": { folders: ["shared/core/*", "shared/core/time"], packages: ["zod/mini"] },
  "shared/core/figures": {
    folders: ["shared/core/*", "shared/core/tables", "shared/core/time"],
    packages: ["zod/mini"],
  },
  "shared/core/time": { folders: ["shared/core/*"], packages: ["zod/mini"] },
  "shared/core/async": { folders: [], packages: [] },
  // The keys of objects name what is stored of each subject.
  "shared/core": {
    folders: ["shared/core/tables", "shared/core/calls", "shared/core/analytics", "shared/core/time"],
    packages: ["zod/mini", "leven", "node:crypto"],
  },
  // The list of jobs.
  top: { folders: ["declaration", "shared/core/*"], packages: [] },
  declaration: { folders: ["shared/core", "top"], packages: ["zod/mini"] },
  auditing: { folders: ["shared/storage", "shared/core", "top"], packages: ["zod/mini"] },
  "lab/demo": {
    folders: [
      "lab/*",
      "auditing",
      "shared/runtime",
      "shared/audit",
      "shared/query",
      "shared/aws",
      "shared/core",
      "top",
    ],
    packages: ["node:"],
  },
  lab: {
    folders: [],
    packages: [
      "@aws-sdk/",
      "@aws/durable-execution-sdk-js",
      "@rc-ex/core/",
      "esbuild",
      "jose",
      "zod",
      "vitest",
      "node:",
    ],
  },
};

interface Import {
  readonly file: string;
  /** A path from the root, or a package. */
  readonly imported: string;
}

const folders = "cli functions infra shared lab".split(" ");
const sources = globSync(
  folders.map((folder) => `${folder}/**/*.ts`),
  { cwd: root },
)
  .map((file) => file.split(sep).join("/"))
  .filter((file) => !file.endsWith(".test.ts"));
const textOf = (file: string) => readFileSync(join(root, file), "utf8");

function importsIn(file: string, text: string): Import[] {
  const paths = text.matchAll(/(?:^(?:import|export) (?:[^"';=(]*\bfrom )?|\bimport\(\s*)["`]([^"`]+)["`]/gm);
  return [...paths].map(([, path = ""]) => ({ file, imported: importedFrom(file, path) }));
}

function importedFrom(file: string, path: string): string {
  if (!path.startsWith(".")) return path;
  return normalize(join(dirname(file), path))
    .split(sep)
    .join("/");
}

/** The row of `arrows` for a file: the longest that fits. A template such as `shared/jobs/${job}/check.ts` stands for every job. */
function rowOf(file: string): string {
  if (/^shared\/jobs\/[^/]+\/(?:deployment|settings|alarms|metrics)\.ts$/.test(file)) return "declaration";
  if (/^shared\/jobs\/[^/]+\/audit\.ts$/.test(file)) return "auditing";
  if (/^shared\/[^/]+$/.test(file)) return "top";
  const rows = Object.keys(arrows).filter((row) => file.startsWith(`${row}/`));
  const row = rows.sort((a, b) => a.length - b.length).at(-1);
  return row ?? (isInJob(file) ? "job" : dirname(file));
}

function isAllowed({ file, imported }: Import): boolean {
  const row = arrows[rowOf(file)] ?? { folders: [], packages: [] };
  if (!/^(?:cli|functions|infra|lab|shared|test)\//.test(imported)) {
    return row.packages.some((name) => isPackageOf(name, imported));
  }
  if (isInJob(file) && isInJob(imported)) return jobOf(file) === jobOf(imported);
  const to = targetOf(imported);
  return rowOf(file) === to || row.folders.some((folder) => isFolderOf(folder, to));
}

const targetOf = (imported: string) =>
  isInJob(imported) && !["declaration", "auditing"].includes(rowOf(imported)) ? "job" : rowOf(imported);
const isPackageOf = (name: string, imported: string) =>
  /[/:]$/.test(name) ? imported.startsWith(name) : imported === name;
const isFolderOf = (folder: string, row: string) => `${row}/`.startsWith(`${folder}/`) || folder === `${row}/*`;
const jobOf = (file: string) => /^shared\/jobs\/([^/]+)\//.exec(file)?.[1];
const isInJob = (file: string) => jobOf(file) !== undefined;
const arrow = ({ file, imported }: Import) => `${file} -> ${imported}`;

test("every import follows an arrow of the table", () => {
  const broken = sources.flatMap((file) => importsIn(file, textOf(file))).filter((each) => !isAllowed(each));

  expect(broken.map(arrow)).toEqual([]);
});

test("every arrow of the table is used", () => {
  const imports = sources.flatMap((file) => importsIn(file, textOf(file)));
  const isUsed = (row: string, name: string, isPackage: boolean) =>
    imports.some(
      ({ file, imported }) =>
        rowOf(file) === row && (isPackage ? isPackageOf(name, imported) : isFolderOf(name, targetOf(imported))),
    );
  const unused = Object.entries(arrows).flatMap(([row, { folders, packages }]) => [
    ...folders.filter((name) => !isUsed(row, name, false)).map((name) => `${row} -> ${name}`),
    ...packages.filter((name) => !isUsed(row, name, true)).map((name) => `${row} -> ${name}`),
  ]);

  expect(unused).toEqual([]);
});

test.each<[string, string]>([
  ["shared/audit/verify-archive.ts", "shared/jobs/archive-calls/day-file.ts"],
  ["cli/verify.ts", "shared/ringcentral/http/client.ts"],
  ["shared/audit/verify-archive.ts", "cli/options.ts"],
  ["shared/jobs/archive-calls/close-call-days.ts", "shared/jobs/build-tables/find-days-to-build.ts"],
  ["shared/jobs/archive-calls/close-call-days.ts", "jose"],
  ["shared/jobs/build-tables/build-day.ts", "shared/ringcentral/http/client.ts"],
  ["shared/core/time/days.ts", "shared/errors.ts"],
  ["shared/core/time/days.ts", "shared/aws/bucket.ts"],
  ["shared/core/time/days.ts", "node:fs"],
  ["shared/ringcentral/http/client.ts", "shared/ringcentral/auth/credential.ts"],
  ["shared/ringcentral/endpoints/account.ts", "shared/ringcentral/auth/credential.ts"],
  ["shared/runtime/slice.ts", "shared/ringcentral/http/client.ts"],
  ["shared/runtime/slice.ts", "@aws-sdk/client-s3"],
  ["infra/app.ts", "shared/runtime/config.ts"],
  ["shared/aws/bucket.ts", "lab/clock.ts"],
  ["lab/clock.ts", "shared/core/time/days.ts"],
  ["lab/aws/server.ts", "lab/demo/cloud.ts"],
  ["shared/jobs.ts", "shared/jobs/archive-calls/services.ts"],
  ["shared/jobs/archive-calls/deployment.ts", "shared/wiring/environment.ts"],
  ["shared/new-folder/file.ts", "shared/core/time/days.ts"],
])("%s must not import %s", (file, imported) => {
  expect(isAllowed({ file, imported })).toBe(false);
});

test("an import is found in each form", () => {
  const text = `import a from "p1";\nimport {\n  type b,\n} from "./c.ts";\nexport * from "../d.ts";\nconst e = await import(\`./f.ts\`);\nimport "p2";\n`;

  expect(importsIn("shared/core/x.ts", text).map(({ imported }) => imported)).toEqual([
    "p1",
    "shared/core/c.ts",
    "shared/d.ts",
    "shared/core/f.ts",
    "p2",
  ]);
});

describe("shared/core/", () => {
  const clock = String.raw`\bDate\.now\b|\bnew Date\b(?:\(\s*\)|(?!\())|(?<!new )\bDate\(|\bDate\s*\[|=\s*Date\s*[;)]|\bresolvedOptions\b`;
  const chance = String.raw`\bMath\.random\b|\brandom[A-Z]\w*|\bgetRandom\w*|\bgenerate[A-Z]\w*`;
  const globals = "process|performance|crypto|console|require|fetch|setTimeout|setInterval|setImmediate|globalThis";
  const impure = new RegExp(`${clock}|${chance}|(?<![\\w/:"'\`-]|(?<!\\.\\.)\\.)(?:${globals})\\b`, "g");
  const foundIn = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "").match(impure) ?? [];

  test("gets the clock, chance and the network as arguments", () => {
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
    "new Date",
    "Date['now']()",
    "({ now } = Date)",
    "Intl.DateTimeFormat().resolvedOptions()",
    "Math.random()",
    "getRandomValues(bytes)",
    "generateKeySync('hmac')",
    "console.log(1)",
    "require('node:fs')",
    "crypto.webcrypto",
    "randomUUID()",
    "fetch(url)",
    "{ url, fetch }",
    "setTimeout(run, 1)",
    "globalThis.fetch",
    "process.env",
    "{ ...process }",
  ])("may not contain %s, which is found", (text) => {
    expect(foundIn(`const at = ${text};`)).toHaveLength(1);
    expect(foundIn(`// ${text}\nnew Date(0)`)).toEqual([]);
  });
});

test("every job has its folder, with its request check and the audit of what it keeps or derives", () => {
  for (const [name, { keeps, derives }] of Object.entries<JobDeployment>(jobs)) {
    expect(sources).toContain(`shared/jobs/${name}/check.ts`);
    expect(sources.includes(`shared/jobs/${name}/audit.ts`)).toBe(keeps !== undefined || derives === true);
  }
});
