import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Bucket } from "../shared/aws/bucket.ts";
import { DerivedPrefix, StackOutput } from "../shared/contract.ts";
import { forEachConcurrent } from "../shared/core/async/for-each-concurrent.ts";
import { indexFile, type Period, pageName, withdrawnTitle } from "../shared/core/figures/periods.ts";
import { derivedKeys } from "../shared/core/object-keys.ts";
import { addDays, isDay } from "../shared/core/time/days.ts";
import { JobError } from "../shared/errors.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import { openStack, requiredOutput, type StackOutputs } from "./open-stack.ts";
import { type OpenedBucket, openPlace } from "./open-target.ts";
import type { PageOptions } from "./page-command.ts";
import { print, type Shell } from "./shell.ts";
import { stackJob } from "./stack-jobs.ts";

const linkSeconds = 600;
const downloads = 8;

/** Prints a link to a page, or its path; with `--into` it writes all pages into a folder. */
export async function page(options: PageOptions, shell: Shell): Promise<ExitStatus> {
  const stack = options.stack === undefined ? undefined : await openStack(options.stack);
  const derived = await openPlace(stack ? requiredOutput(stack, StackOutput.derivedBucket) : (options.bucket ?? ""));
  const files = await filesIn(derived.bucket).catch(rethrowNoBucket(derived));
  if (files.length === 0) throw stack ? notYet(stack, derived) : notThere(derived);
  const file = await chosenFile(derived.bucket, files, options);
  const { into, json = false } = options;
  if (into !== undefined) await writeAll(derived.bucket, files, into);
  const key = derivedKeys.page(file);
  const place = into === undefined ? await placeOf(derived, key) : join(into, file);
  print(shell, json ? JSON.stringify({ page: file, place }) : place);
  return exitStatus.whole;
}

/** A folder's file is opened by its path. */
async function placeOf({ name, link }: OpenedBucket, key: string): Promise<string> {
  return link ? link(key, linkSeconds) : join(name, key);
}

/** Files of the pages that are stored. */
async function filesIn(derived: Pick<Bucket, "list">): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const { key } of derived.list(DerivedPrefix.pages)) files.push(key.slice(DerivedPrefix.pages.length));
  // No other object becomes a file, whatever someone has called it.
  return files.filter((file) => pageName.test(file));
}

/** Says what pages are waiting for. @throws REQUEST_INVALID when the stack has no job for them */
function notYet(stack: StackOutputs, { name }: OpenedBucket): JobError {
  for (const job of ["build-tables", "build-pages"]) stackJob(stack, job);
  return new JobError("REQUEST_INVALID", `There are no pages yet: ${name} has no ${firstLooked}`, {
    hint: "They are written after the first night. Or run them now: npx nightshift run build-pages --stack <name>",
  });
}

const firstLooked = derivedKeys.page(indexFile);

/** Whoever names a bucket may have named another one, or a folder in it. */
function notThere({ name, link }: OpenedBucket): JobError {
  return new JobError("REQUEST_INVALID", `There are no pages: ${name} has no ${firstLooked}`, {
    hint: link ? whichBucket : `Name the folder in which ${DerivedPrefix.pages} is: the copy of the derived bucket.`,
  });
}

const whichBucket = "Check --bucket: the stack's output DerivedBucket is the bucket with the pages.";

/** Passes an error on; that there is no such bucket with the output that names it. */
function rethrowNoBucket({ name }: OpenedBucket): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof JobError) || error.details.name !== "NoSuchBucket") throw error;
    throw new JobError("REQUEST_INVALID", `There is no bucket ${name}`, { cause: error, hint: whichBucket });
  };
}

/** @throws REQUEST_INVALID when there is no such page */
async function chosenFile(
  derived: Pick<Bucket, "get">,
  files: readonly string[],
  { day: asked, week, month, index }: PageOptions,
): Promise<string> {
  const dayFiles = files.filter((file) => /^\d{4}-\d{2}-\d{2}\.html$/.test(file)).sort();
  const newest = dayFiles.at(-1)?.slice(0, 10);
  const day = asked ?? newest ?? "";
  const period: Period = week ? "week" : month ? "month" : "day";
  const found = index ? files.find((file) => file === indexFile) : await fileOf(derived, files, { period, day });
  if (found !== undefined) return found;
  const what = index ? "There is no index of pages" : `There is no page of ${day || "a day yet"}`;
  throw new JobError("REQUEST_INVALID", what, {
    hint: `Pages exist of days that have tables${newest === undefined ? "" : `, the newest is ${newest}`}. npx nightshift page --index --stack <name> lists them.`,
  });
}

/** On which day weeks begin is a setting: a week's page is found by its name, and one that is not written any more is none. */
async function fileOf(
  derived: Pick<Bucket, "get">,
  files: readonly string[],
  { period, day }: { readonly period: Period; readonly day: string },
): Promise<string | undefined> {
  if (period === "day") return files.find((file) => file === `${day}.html`);
  if (period === "month") return files.find((file) => file === `month-${day.slice(0, 7)}.html`);
  for (const file of files.filter((name) => name.startsWith("week-"))) {
    const first = file.slice("week-".length, -".html".length);
    if (!isDay(first) || first > day || day >= addDays(first, 7)) continue;
    const stored = await derived.get(derivedKeys.page(file));
    if (!stored?.body.includes(`<title>${withdrawnTitle}</title>`)) return file;
  }
  return undefined;
}

async function writeAll(derived: Pick<Bucket, "get">, files: readonly string[], folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await forEachConcurrent(files, downloads, async (file) => {
      const stored = await derived.get(derivedKeys.page(file));
      if (stored) await writeFile(join(folder, file), stored.body, { mode: 0o600 });
    });
  } catch (error) {
    if (error instanceof JobError) throw error;
    const { code = "?" } = error as { readonly code?: string };
    throw new JobError("REQUEST_INVALID", `${folder} cannot be written: ${code}`, {
      cause: error,
      hint: "Name a folder that you may write: --into.",
    });
  }
}
