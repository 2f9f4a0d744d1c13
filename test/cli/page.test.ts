import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createDirectS3 } from "../../lab/aws/direct-clients.ts";
import { createBucket, toBody } from "../../shared/aws/bucket.ts";
import { StackOutput } from "../../shared/contract.ts";
import { withdrawnTitle } from "../../shared/core/figures/periods.ts";
import { derivedKeys } from "../../shared/core/object-keys.ts";
import { servedSample } from "../support/audit/sample-archive.ts";
import { loggedIn, nightshift } from "../support/cli/run-nightshift.ts";

const { shared, open } = servedSample();
const withdrawn = "week-2026-10-25.html";
const files = [
  "2026-10-31.html",
  withdrawn,
  "2026-11-02.html",
  "week-2026-10-26.html",
  "month-2026-10.html",
  "index.html",
];
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "nightshift-page-"));
});
afterEach(() => rm(dir, { recursive: true }));

beforeAll(async () => {
  const derived = createBucket(createDirectS3(shared().aws.unsignedHandler), "derived");
  // A queue may have any name, even the title of a page that is not written any more.
  for (const file of files)
    await derived.put(derivedKeys.page(file), toBody(`page ${file} <bdi>${withdrawnTitle}</bdi>`), "text/html");
  await derived.put(derivedKeys.page(withdrawn), toBody(`<title>${withdrawnTitle}</title>`), "text/html");
  await derived.put(derivedKeys.page("week-2026-99-99.html"), toBody("x"), "text/html");
  for (const key of ["pages/evil.html", "pages/../../evil.html", "pages/a/2026-11-02.html"])
    await derived.put(key, toBody("x"), "text/html");
  await derived.put("tables/calls/day=2026-11-03/calls.parquet", toBody("x"), "text/plain");
});

const page = (...args: readonly string[]) => nightshift(["page", ...args], loggedIn(shared()));
const sample = ["--stack", "sample"] as const;

describe("nightshift page prints no link", () => {
  test("without a target, or with two pages at once", async () => {
    const { status, err } = await page("2026-11-02", "--week", "--index");

    expect(status).toBe(2);
    expect(err).toContain("--week, --month and --index cannot be combined");
    expect(err).toContain("--index has no day");
    expect(err).toContain("--stack or --bucket is missing");
  });

  test.each([
    ["2026-11-03", "There is no page of 2026-11-03"],
    ["2026-10-25 --week", "There is no page of 2026-10-25"],
    ["2026-11-02 --week", "There is no page of 2026-11-02"],
    ["--month", "There is no page of 2026-11-02"],
  ])("of a page that does not exist, and names the newest: %s", async (args, message) => {
    const { status, out, err } = await page(...args.split(" "), ...sample);

    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(message);
    expect(err).toContain("the newest is 2026-11-02");
  });

  test("before the first night, and says how pages are written", async () => {
    const { status, err } = await nightshift(["page", ...sample], loggedIn(await open()));

    expect(status).toBe(2);
    expect(err).toContain(
      "There are no pages yet: s3://derived has no pages/index.html\nThey are written after the first night.",
    );
  });

  test.each([
    ["archive", "There are no pages: s3://archive has no pages/index.html"],
    ["nosuch", "There is no bucket s3://nosuch"],
  ])(
    "of the bucket %s, and says what it has looked for, and which output names the right one",
    async (name, message) => {
      const { status, err } = await page("--bucket", name);

      expect(status).toBe(2);
      expect(err).toContain(
        `${message}\nCheck --bucket: the stack's output DerivedBucket is the bucket with the pages.\n`,
      );
    },
  );

  test("of the folder in which they are themselves, and says which folder to name", async () => {
    await page(...sample, "--into", join(dir, "pages"));

    const { status, err } = await nightshift(["page", "--bucket", join(dir, "pages")], {});

    expect(status).toBe(2);
    expect(err).toContain(
      `There are no pages: ${join(dir, "pages")} has no pages/index.html\nName the folder in which pages/`,
    );
  });

  test("of a day that a folder does not have, and names the folder in the command to run", async () => {
    await page(...sample, "--into", join(dir, "pages"));

    const { err } = await nightshift(["page", "2026-10-01", "--bucket", `${dir}/`], {});

    expect(err).toContain(`npx nightshift page --index --bucket ${dir}/ lists them.`);
  });

  test("of a stack without the job that builds them, and names the setting", async () => {
    const outputs = {
      DerivedBucket: "s3://derived/",
      [StackOutput.jobFunction("archive-calls")]: "a",
      [StackOutput.jobFunction("build-tables")]: "t",
    };
    const member = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
    const cloudFormation = mockClient(CloudFormationClient);
    const stack = { StackName: "sample", CreationTime: new Date(0), StackStatus: "CREATE_COMPLETE" as const };
    cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [{ ...stack, Outputs: member }] });

    const ended = nightshift(["page", ...sample], loggedIn(await open()));
    const { status, err } = await ended.finally(() => cloudFormation.restore());

    expect(status).toBe(2);
    expect(err).toMatch(/is deployed without the job build-pages\nAdd build-pages to jobs in its settings/);
  });

  test("if a folder cannot be written", async () => {
    const { status, err } = await page(...sample, "--into", "/dev/null/pages");

    expect(status).toBe(2);
    expect(err).toContain("/dev/null/pages cannot be written: ENOTDIR");
  });
});

describe("nightshift page prints a link that lives ten minutes", () => {
  test.each([
    ["", "2026-11-02.html"],
    ["2026-10-31", "2026-10-31.html"],
    ["2026-11-01 --week", "week-2026-10-26.html"],
    ["2026-10-26 --week", "week-2026-10-26.html"],
    ["2026-10-01 --month", "month-2026-10.html"],
    ["--index", "index.html"],
  ])("with %s to %s", async (args, file) => {
    const { status, out } = await page(...args.split(" ").filter(Boolean), ...sample);

    const { pathname, searchParams } = new URL(out.trim());
    expect(pathname).toBe(`/derived/pages/${file}`);
    expect(searchParams.get("X-Amz-Expires")).toBe("600");
    expect(status).toBe(0);
  });

  test("as JSON", async () => {
    const { out } = await page("2026-10-31", "--json", ...sample);

    expect(JSON.parse(out)).toMatchObject({
      page: "2026-10-31.html",
      place: expect.stringContaining("X-Amz-Signature"),
    });
  });
});

test("nightshift page writes all pages into a folder, and nothing else that lies beside them, and prints the path of the one that was asked for", async () => {
  const { status, out } = await page(...sample, "--into", join(dir, "pages"));

  expect([status, out]).toEqual([0, `${join(dir, "pages", "2026-11-02.html")}\n`]);
  expect((await readdir(join(dir, "pages"))).sort()).toEqual([...files, "week-2026-99-99.html"].sort());
  expect(await readFile(join(dir, "pages", "index.html"), "utf8")).toContain("page index.html");
});

test("nightshift page prints the path of a page in a folder, which has no links", async () => {
  await page(...sample, "--into", join(dir, "pages"));

  const { out } = await nightshift(["page", "2026-10-31", "--bucket", `${dir}/`], {});

  expect(out).toBe(`${join(dir, "pages", "2026-10-31.html")}\n`);
});
