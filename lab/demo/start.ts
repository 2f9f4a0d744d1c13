import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Env } from "../../shared/contract.ts";
import type { AccessLine } from "../../shared/core/access/access-line.ts";
import { accessTexts } from "../../shared/core/access/line-texts.ts";
import { jobs, jobsInTurn } from "../../shared/jobs.ts";
import { createClock } from "../clock.ts";
import type { ExecutionView } from "../lambda/execution.ts";
import type { LambdaEvent } from "../lambda/lambda-event.ts";
import { readArchive } from "./archive-contents.ts";
import { checkAccount } from "./check-account.ts";
import { archiveBucket, type Cloud, openCloud } from "./cloud.ts";
import { company } from "./company.ts";
import { createDisplay } from "./progress.ts";
import { costLines, dayLines, tableLines, totalLines, verificationLines } from "./summary.ts";
import { verifyInLab } from "./verify-in-lab.ts";
import { openWorld } from "./world.ts";

const usage = `npm start                                                     two nights in the lab, analytics and tables
npm start -- --credential rc.json --day 2026-11-03 [--day …]  days of a real account, read-only, into a folder
             [--time-zone America/New_York] [--into archive/account]`;

const { values } = parseArgs({
  options: {
    credential: { type: "string" },
    day: { type: "string", multiple: true, default: [] },
    "time-zone": { type: "string", default: Intl.DateTimeFormat().resolvedOptions().timeZone },
    into: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const display = createDisplay(process.stdout);
const dir = resolve(values.into ?? (values.credential ? "archive/account" : "archive/lab"));
/** Marks a folder that contains only files of earlier nights in the lab. */
const labMark = join(dir, ".lab-night");
const dayMs = 24 * 3_600_000;
/** After this time without a line, the display says what the job is doing. */
const silentMs = 10_000;

if (values.help) say(usage);
else if (values.credential) await tryAccount(values.credential, values.day);
else await labNights();

/** Runs a small company's first two nights, its analytics and its tables, with RingCentral, AWS and Lambda on this machine. */
async function labNights(): Promise<void> {
  if (existsSync(dir) && !existsSync(labMark))
    return fail(`${dir} is there already and not from the lab: nothing was touched.`);
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  await writeFile(labMark, "");
  const world = await openWorld({ dir, onEvent, skipWaits: false, ringCentral: company });
  await toTheEnd(world, async () => {
    say("RingCentral's usual limit is 10 Heavy requests per 60 s. Here it is 40 per 2 s.\n");
    say("The first night: list every day and fetch the recordings that calls reference.\n");
    ended(await world.scheduledNight());
    display.startAnew();
    world.clock.advance(dayMs);
    world.lambda.recycle();
    say("\nThe second night: list open days again. A day closes when two listings agree.\n");
    ended(await world.scheduledNight());
    say("\nThe other jobs: collect the analytics of these days, then build tables.\n");
    for (const job of jobsInTurn.filter((name) => name !== "archive-calls")) ended(await world.scheduledNight(job));
    await summary(world);
    say((await tableLines(dir)).join("\n"));
    say(costLines(world).join("\n"));
  });
}

/** Runs the same bundles against the server of a credential file. RingCentral is only read, and AWS is a folder. */
async function tryAccount(file: string, days: readonly string[]): Promise<void> {
  if (days.length === 0) return fail(`Name the days, for example --day 2026-11-03\n\n${usage}`);
  const secret = await readFile(file, "utf8").catch(() => undefined);
  if (secret === undefined)
    return fail(`The credential file ${file} cannot be read. Write it as "Try it on your account" in README.md says.`);
  const timeZone = values["time-zone"];
  const cloud = await openCloud({
    dir,
    // What the check has seen is printed as a report.
    onEvent: (event) => ("function" in event && event.function === "check-access" ? undefined : onEvent(event)),
    timeZone,
    skipWaits: false,
    clock: createClock(),
    secret,
    // It selects no days itself: only requested days, and those begun earlier in the same folder.
    archiveFrom: new Date(Date.now() + dayMs).toISOString().slice(0, 10),
    // Analytics are not collected here, so that an app without their scope can be tried, too.
    environment: { [Env.scopes]: [...jobs["archive-calls"].scopes].sort().join(" ") },
  });
  await toTheEnd(cloud, async () => {
    const fault = await firstFault(cloud);
    if (fault) return fail(`\n${fault.check}: ${fault.seen}. ${fault.todo ?? ""}`);
    const response = await cloud.sendRequest({ days, relist: true });
    if (!response.started) return fail("errors" in response ? response.errors.join("\n") : "Nothing was started.");
    say(`Archiving ${days.join(", ")}, days of ${timeZone}. RingCentral is only read.\n`);
    ended(await cloud.lambda.waitFor(response.job, response.run));
    await summary(cloud);
  });
}

/** Checks the account, and prints what was seen. Returns the first fault: the archive would fail by the same. */
async function firstFault(cloud: Cloud): Promise<AccessLine | undefined> {
  const lines = await checkAccount(cloud);
  say(`${accessTexts(lines).join("\n")}\n`);
  return lines.find(({ level }) => level === "fault");
}

async function toTheEnd(cloud: Cloud, work: () => Promise<void>): Promise<void> {
  const heartbeat = setInterval(() => display.heartbeat(silentMs), silentMs);
  try {
    await work();
  } finally {
    clearInterval(heartbeat);
    await cloud.stop();
  }
}

function onEvent(event: LambdaEvent): void {
  if (event.type === "log") display.log(event.function, event.text);
  if (event.type === "checkpointed" && event.operation.type === "STEP" && event.operation.action === "START")
    display.step(event.function, event.operation.name ?? "");
}

async function summary(cloud: Cloud): Promise<void> {
  const { manifests } = await readArchive(cloud);
  const folder = relative(process.cwd(), join(dir, archiveBucket)) || ".";
  const account = Object.values(manifests)[0]?.account;
  const lines = [...dayLines(manifests), ...totalLines(manifests, folder)];
  if (account) lines.push("", ...verificationLines(await verifyInLab(cloud, account)));
  say(`\n${lines.join("\n")}`);
}

function ended({ status, error }: ExecutionView): void {
  if (status !== "SUCCEEDED") fail(`The run ended ${status}: ${error?.ErrorMessage ?? ""}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
