import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Env } from "../../shared/contract.ts";
import { accessTexts } from "../../shared/core/access/line-texts.ts";
import { jobs } from "../../shared/jobs.ts";
import { createClock } from "../clock.ts";
import { readArchive } from "./archive-contents.ts";
import { checkAccount } from "./check-account.ts";
import { type Cloud, derivedBucket, openCloud } from "./cloud.ts";
import { problemOf, type Session } from "./demo-session.ts";

const dayMs = 24 * 3_600_000;

/** Environment with the scopes that a trial asks for: an app without that of the analytics can be tried, too. */
export const trialScopes = { [Env.scopes]: [...jobs["archive-calls"].scopes].sort().join(" ") };

interface Trial {
  readonly file: string;
  readonly days: readonly string[];
  /** @default that of the folder, else the account's */
  readonly timeZone: string | undefined;
}

/**
 * Runs the same bundles against the server of a credential file. RingCentral is only read, and AWS is a folder. Returns what
 * went wrong.
 */
export async function tryAccount(session: Session, { file, days, timeZone }: Trial): Promise<string | undefined> {
  const { dir, say, doing, onEvent } = session;
  const secret = await readFile(file, "utf8").catch(() => undefined);
  if (secret === undefined)
    return `The credential file ${file} cannot be read. Write it as "Try it on your account" in README.md says.`;
  if (secret.trim() === "")
    return `The credential file ${file} is empty. Write it as "Try it on your account" in README.md says.`;
  doing("checking the account");
  const cloud = await openCloud({
    dir,
    // What the check has seen is printed as a report.
    onEvent: (event) => ("function" in event && event.function === "check-access" ? undefined : onEvent(event)),
    timeZone: timeZone ?? "UTC",
    skipWaits: false,
    clock: createClock(),
    secret,
    // It selects no days itself: only requested days, and those begun earlier in the same folder.
    archiveFrom: new Date(Date.now() + dayMs).toISOString().slice(0, 10),
    environment: { ...proxyOf(process.env), ...trialScopes },
  });
  return session.toTheEnd(
    cloud,
    async () => {
      const begunIn = await zoneOfFolder(cloud);
      const { lines, timeZone: itsOwn } = await checkAccount(cloud);
      say(`${accessTexts(lines).join("\n")}\n`);
      // The archive would fail by the same.
      const fault = lines.find(({ level }) => level === "fault");
      if (fault) return `\n${fault.check}: ${fault.seen}. ${fault.todo ?? ""}`;
      const zone = timeZone ?? begunIn ?? itsOwn ?? "UTC";
      if (begunIn !== undefined && zone !== begunIn)
        return `${dir} has days of ${begunIn}: leave --time-zone out, or give --into another folder.`;
      cloud.deploy({ timeZone: zone });
      return archive(session, cloud, { days, zone });
    },
    "Run the same command again: it goes on from here.",
  );
}

async function archive(
  session: Session,
  cloud: Cloud,
  { days, zone }: { readonly days: readonly string[]; readonly zone: string },
): Promise<string | undefined> {
  const { say } = session;
  say(`Archiving ${days.join(", ")}, days of ${zone}. RingCentral is only read.\n`);
  const problem = await run(cloud, { job: "archive-calls", days, relist: true });
  if (problem) return problem;
  say("\nThe analytics of these days, then tables.\n");
  const withoutAnalytics = await run(cloud, { job: "collect-analytics", days });
  if (withoutAnalytics)
    say(`\n  Without analytics: ${withoutAnalytics}\n  Their scope is Analytics; the archive does without them.\n`);
  const withoutTables = await run(cloud, { job: "build-tables" });
  await session.summary(cloud);
  if (existsSync(join(session.dir, derivedBucket, "tables")))
    say(`\n  The tables are in ${join(session.dir, derivedBucket, "tables")}/`);
  say(`\n  These are real calls and recordings: delete ${session.dir} when you no longer need them.`);
  return withoutTables;
}

async function run({ sendRequest, lambda }: Cloud, request: object): Promise<string | undefined> {
  const response = await sendRequest(request);
  if (!response.started) return "errors" in response ? response.errors.join("\n") : "Nothing was started.";
  return problemOf(await lambda.waitFor(response.job, response.run));
}

/** Environment in which the functions reach RingCentral through a proxy of this process, and AWS on this machine without it. */
function proxyOf({ HTTPS_PROXY, https_proxy }: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const proxy = HTTPS_PROXY ?? https_proxy;
  // https://nodejs.org/api/cli.html#node_use_env_proxy1
  return proxy === undefined
    ? {}
    : { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY: "127.0.0.1", NODE_USE_ENV_PROXY: "1" };
}

/** Time zone of the days that the folder has; undefined if it has none. */
async function zoneOfFolder(cloud: Cloud): Promise<string | undefined> {
  const { manifests } = await readArchive(cloud);
  return Object.values(manifests)[0]?.timeZone;
}
