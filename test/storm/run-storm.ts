import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import type { AlarmChange } from "../../lab/cloudwatch/judge-alarms.ts";
import { aggregateKeys, dayInKey } from "../../shared/core/object-keys.ts";
import type { JobName } from "../../shared/jobs.ts";
import type { FastJobs } from "../support/fast-jobs.ts";
import { type FastStack, type FastWorld, openFastWorld } from "../support/fast-world.ts";
import type { ArchivedNight } from "./alarm-truths.ts";
import { createFates } from "./container-fates.ts";
import type { Damage } from "./damage-object.ts";
import { makeTrouble } from "./make-trouble.ts";
import { checkAlarms } from "./rules-of-alarms.ts";
import { type EndedRun, type Obtainable, rulesOfAnalytics, rulesOfArchive, rulesOfEveryRun } from "./rules-of-run.ts";
import { rulesOfStorm } from "./rules-of-storm.ts";
import { rulesOnWrite, sha256Of } from "./rules-on-write.ts";
import { createRequestNotes, type RunRecord } from "./run-record.ts";
import { sleepUntil } from "./sleep-until.ts";
import { readStoredDays, storedRecordIds } from "./stored-days.ts";
import { isInSpan, nightStartMs, type StackPlan, type StormPlan, stormFirstDay, stormStartMs } from "./storm-plan.ts";
import type { StormReport, Violation } from "./storm-report.ts";
import { accountId, findingText, verifyStack, verifyTables } from "./verify-stack.ts";
import { watchRequests } from "./watch-requests.ts";

const minuteMs = 60_000;
const analyticsAfterMs = 15 * minuteMs;
/** By its schedule, half an hour before archive-calls. */
const accessBeforeMs = 30 * minuteMs;
const maxRunMs = 6 * 60 * minuteMs;
const deployedBeforeMs = 12 * 60 * minuteMs;
const watchedAfterMs = 30 * 60 * minuteMs;
/** A healthy night of the largest company here sends some hundreds of requests. */
const maxRequests = 1_000;
/** Maximum number of violations that are kept of one rule. */
const maxViolationsKept = 3;

export interface RunStormOptions {
  /** Functions under each job's name, so that another decision function can be tried. @default the deployed jobs */
  readonly jobs?: FastJobs;
  /** True if no run begins any more once a rule is broken. @default true */
  readonly stopsAtFirst?: boolean;
}

type RequestsWatch = ReturnType<typeof watchRequests>;

/** State that a storm's runs share. */
interface Storm {
  readonly plan: StormPlan;
  readonly world: FastWorld;
  readonly stacks: ReadonlyMap<string, FastStack>;
  readonly watches: ReadonlyMap<string, RequestsWatch>;
  readonly runs: RunRecord[];
  readonly archived: ArchivedNight[];
  /** SHA-256 of what someone other than a run has written. */
  readonly forged: Set<string>;
  readonly report: (rule: string, place: string, text: string) => void;
  /** True once enough violations are known. */
  readonly isOver: () => boolean;
}

/** Runs a storm from its first night to its last, and checks every rule. */
export async function runStorm(plan: StormPlan, options: RunStormOptions = {}): Promise<StormReport> {
  const { jobs, stopsAtFirst = true } = options;
  const { account } = plan;
  const { credentialExpiresAt } = account ?? {};
  const world = await openFastWorld({
    ...(jobs && { jobs }),
    ...(credentialExpiresAt !== undefined && { jwtExpiresAt: new Date(credentialExpiresAt) }),
    start: new Date(stormStartMs - minuteMs),
    seed: plan.seed,
    account: {
      ...{ id: accountId, firstDay: stormFirstDay, plannedCalls: plan.calls, calls: { perDay: 0 } },
      recordings: {
        withoutContentLength: !plan.tellsLengths,
        ...(account?.retentionDays !== undefined && { retentionDays: account.retentionDays }),
      },
      organisation: { users: 2, queues: 1, ivrs: 1, sites: 1, departments: 1, sharedLines: 1, userGroups: 1 },
    },
    environment: { ANALYTICS_GROUPS: "Company", ANALYTICS_METRICS: "allCalls", RECOLLECT_DAYS: "1" },
  });
  try {
    const violations: Violation[] = [];
    const report = (rule: string, place: string, text: string) => {
      const known = violations.filter((each) => each.rule === rule).length;
      if (known < maxViolationsKept) violations.push({ rule, place, text });
    };
    const stacks = new Map<string, FastStack>();
    for (const { name } of plan.stacks) stacks.set(name, name === world.name ? world : await world.stack(name));
    const isOver = () => stopsAtFirst && violations.length > 0;
    const watches = new Map(
      plan.stacks.map(({ name }) => [name, watchRequests((rule, run, text) => report(rule, placeOf(run), text))]),
    );
    const forged = new Set<string>();
    const storm: Storm = { plan, world, stacks, watches, runs: [], archived: [], forged, report, isOver };
    watchWrites(storm);
    await world.during(async () => {
      const troubles = makeTrouble(world, stacks, plan, (damage) => strike(storm, damage));
      await Promise.all(plan.stacks.map((stack) => nightsOf(storm, stack)));
      await troubles;
      for (const stack of stacks.values()) await checkEnd(storm, stack);
    });
    const alarms = plan.stacks.flatMap((stack) => alarmsOf(storm, stack));
    return { plan, violations, runs: storm.runs, alarms, digest: await digestOf(storm) };
  } finally {
    world.close();
  }
}

/** Runs every night of one stack at its hour, even if the previous one has not ended. */
async function nightsOf(storm: Storm, { name, delayMs }: StackPlan): Promise<void> {
  const stack = storm.stacks.get(name);
  const watch = storm.watches.get(name);
  if (!stack || !watch) return;
  await Promise.all(
    storm.plan.nights.map(async (_day, night) => {
      const run = (job: JobName) => runJob(storm, { stack, watch, job, night });
      const startMs = nightStartMs(storm.plan, night) + delayMs;
      await sleepUntil(startMs - accessBeforeMs);
      const access = run("check-access");
      await sleepUntil(startMs);
      const analytics = async () => {
        await sleep(analyticsAfterMs);
        await run("collect-analytics");
      };
      await Promise.all([access, run("archive-calls"), analytics()]);
      await run("build-tables");
    }),
  );
}

interface JobOfNight {
  readonly stack: FastStack;
  readonly watch: RequestsWatch;
  readonly job: JobName;
  readonly night: number;
}

async function runJob(storm: Storm, { stack, watch, job, night }: JobOfNight): Promise<void> {
  const { plan, world } = storm;
  if (storm.isOver() || plan.jobs?.includes(job) === false) return;
  const startMs = Date.now();
  const run: RunRecord = {
    ...{ stack: stack.name, job, night, startMs, endMs: startMs, status: "failed", code: undefined },
    ...{ requests: [], loginsAtMs: [], written: [], writtenInTheEnd: [], kills: 0, steps: [], metricLines: [] },
  };
  storm.runs.push(run);
  const name = `${job}-night-${night}`;
  const watched = watch.ofRun(run, name);
  const note = createRequestNotes(run);
  const before = await readStoredDays(world.aws, `${stack.name}-archive`);
  const obtainable = obtainableNow(world);
  const clockErrorMs = clockErrorAt(plan, startMs);
  const fates = createFates({ plan, stack: stack.name, job, night, onKill: () => run.kills++ });
  const done = await stack.run(job, {
    ...{
      run: name,
      clockErrorMs,
      isOverdue: () => Date.now() > startMs + maxRunMs || run.requests.length > maxRequests,
    },
    fate: (container) => {
      watched.container();
      run.writtenInTheEnd = [];
      return fates(container);
    },
    onRequest: (request, stage, response) => {
      note(request, stage, response);
      watched.request(request, stage, response);
    },
    onStep: (step, when) => {
      if (when === "begins") watched.step(step);
      else run.steps.push(step);
    },
  });
  run.endMs = Date.now();
  run.status = done.isAbandoned ? "endless" : (done.report?.status ?? "failed");
  run.code = done.error?.code;
  run.metricLines = done.metricLines;
  await checkRun(storm, stack, { run, before, obtainable });
  await checkTables(storm, run);
}

/** A run that has finished leaves every table as the build index names it, whatever someone did before. */
async function checkTables({ plan, world: { aws }, runs, report }: Storm, run: RunRecord): Promise<void> {
  const { stack, job, status, startMs, endMs } = run;
  if (job !== "build-tables" || status !== "finished") return;
  const isMeanwhile = (atMs: number) => startMs <= atMs && atMs <= endMs;
  const isDamaged = plan.troubles.some(({ type, fromMs }) => type === "damage" && isMeanwhile(fromMs));
  const others = runs.filter((each) => each !== run && each.stack === stack && each.job === job);
  // While another run builds tables, the index is behind them.
  if (isDamaged || others.some((each) => each.endMs === each.startMs || isMeanwhile(each.endMs))) return;
  for (const finding of (await verifyTables(aws, stack)).findings)
    report("finishedRunLeavesTablesAsBuilt", placeOf(run), findingText(finding));
}

/** Of two clock errors at once the later planned one applies. */
function clockErrorAt({ troubles }: StormPlan, atMs: number): number {
  const invalid = troubles.findLast((trouble) => trouble.type === "clock" && isInSpan(trouble, atMs, atMs));
  return invalid?.type === "clock" ? invalid.errorMs : 0;
}

async function checkRun(
  { plan, world: { aws }, archived, report }: Storm,
  stack: FastStack,
  { run, before, obtainable }: Pick<EndedRun, "run" | "before" | "obtainable">,
): Promise<void> {
  const [archiveBucket, stateBucket] = [`${stack.name}-archive`, `${stack.name}-state`];
  const after = await readStoredDays(aws, archiveBucket);
  const recordIds = new Map<string, ReadonlySet<string>>();
  if (run.job === "archive-calls") {
    for (const day of obtainable.days.keys())
      recordIds.set(day, await storedRecordIds(aws, archiveBucket, after.get(day)));
    const callsOfDays = new Map([...obtainable.days].map(([day, ids]) => [day, ids.length]));
    archived.push({ run, days: after, callsOfDays });
  }
  const analyticsKeys = new Set<string>();
  for await (const { key } of aws.objects(archiveBucket)) if (key.startsWith("analytics/")) analyticsKeys.add(key);
  const ended: EndedRun = {
    plan,
    run,
    aws,
    archiveBucket,
    stateBucket,
    obtainable,
    before,
    after,
    recordIds,
    analyticsKeys,
  };
  const rules = {
    ...rulesOfEveryRun,
    ...(run.job === "archive-calls" && rulesOfArchive),
    ...(run.job === "collect-analytics" && rulesOfAnalytics),
  };
  for (const [rule, check] of Object.entries(rules)) {
    const text = check(ended);
    if (text) report(rule, placeOf(run), text);
  }
}

/** Returns RingCentral's current data of the days that have ended. */
function obtainableNow(world: FastWorld): Obtainable {
  const truth = world.ringCentral().truth();
  const ended = Object.entries(truth.days).filter(([, { to }]) => Date.parse(to) <= Date.now());
  const days = new Map(ended.map(([day, { recordIds }]) => [day, recordIds]));
  const recordings = new Map<string, { day: string; bytes: number; sha256: string }>();
  for (const [id, { date, state, named, bytes, sha256 }] of Object.entries(truth.recordings)) {
    if (state !== "ready" || !named || !days.has(date)) continue;
    recordings.set(id, { day: date, bytes, sha256: Buffer.from(sha256, "hex").toString("base64") });
  }
  return { days, recordings };
}

/** Checks the rules of every write at the moment of the write. */
function watchWrites({ world: { aws }, plan, watches, forged, report }: Storm): void {
  const archives = new Map(plan.stacks.map(({ name }) => [`${name}-archive`, new Set<string>()]));
  const observe = async ({ operation, bucket = "", key = "" }: AwsCallSeen) => {
    const job = /^owners\/(.+)\.json$/.exec(key)?.[1];
    if (operation === "PutObject" && job) {
      const { run } = JSON.parse((await aws.read(bucket, key)).toString()) as { readonly run: string };
      watches.get(bucket.replace(/-state$/, ""))?.owned(job, run);
    }
    const manifestHashes = archives.get(bucket);
    if (operation !== "PutObject" || !manifestHashes || !/(manifests|ledger|recordings|closed)\//.test(key)) return;
    const body = await aws.read(bucket, key);
    if (forged.has(sha256Of(body))) return;
    if (key.includes("manifests/")) manifestHashes.add(sha256Of(body));
    for (const [rule, check] of Object.entries(rulesOnWrite)) {
      const text = check({ aws, bucket, key, body, manifestHashes });
      if (text) report(rule, `${bucket} at ${new Date().toISOString()}`, text);
    }
  };
  aws.setObserver(observe, { when: "after" });
}

/** Lets a damage happen. Verification then names the object, if anything says how it must be. */
async function strike({ world: { aws }, forged, report }: Storm, { effect, body, strike }: Damage): Promise<void> {
  const { stack, bucket, key, how } = effect;
  const isForgedIndex = bucket === "state" && how === "forged";
  const wasNamed = await isInManifest(aws, `${stack}-archive`, key);
  const isTableInIndex = (await verifyTables(aws, stack, (each) => each === key)).objects > 0;
  if (body) forged.add(body.sha256);
  if (!(await strike())) return;
  const findings = await verifyStack(aws, stack, "checksums");
  const isFound = findings.some((finding) => finding.key === key && (finding.bucket ?? "archive") === bucket);
  const isManifest = key.startsWith("manifests/");
  if (!isFound && (isManifest || wasNamed || isTableInIndex || isForgedIndex))
    report("damageIsFound", `${stack} ${bucket} at ${new Date().toISOString()}`, `${key} (${how ?? "garbage"})`);
}

/** True if the day's manifest has the SHA-256 of an object. */
async function isInManifest(aws: FastWorld["aws"], archive: string, key: string): Promise<boolean> {
  const manifest = aggregateKeys.calls.manifest(accountId, dayInKey(key) ?? "");
  const { sha256 } = aws.describe(archive, key) ?? {};
  if (!key.startsWith("calls/") || sha256 === undefined || !aws.describe(archive, manifest)) return false;
  return (await aws.read(archive, manifest)).toString().includes(sha256);
}

interface AwsCallSeen {
  readonly operation: string;
  readonly bucket?: string;
  readonly key?: string;
}

async function checkEnd({ plan, world, report, isOver }: Storm, stack: FastStack): Promise<void> {
  if (isOver()) return;
  const archiveBucket = `${stack.name}-archive`;
  const days = await readStoredDays(world.aws, archiveBucket);
  const obtainable = obtainableNow(world);
  const recordIds = new Map<string, ReadonlySet<string>>();
  for (const day of obtainable.days.keys())
    recordIds.set(day, await storedRecordIds(world.aws, archiveBucket, days.get(day)));
  for (const [rule, check] of Object.entries(rulesOfStorm)) {
    const text = check({ plan, aws: world.aws, archiveBucket, days, obtainable, recordIds });
    if (text) report(rule, `${stack.name}, in the end`, text);
  }
  for (const finding of await verifyStack(world.aws, stack.name, "bytes"))
    report("nothingIsFoundInTheEnd", `${stack.name}, in the end`, findingText(finding));
}

/** Evaluates the alarms from the evening before the first night until nothing has run for a day. */
function alarmsOf({ plan, runs, archived, report }: Storm, { name }: StackPlan): readonly AlarmChange[] {
  const own = runs.filter(({ stack }) => stack === name).toSorted((a, b) => a.endMs - b.endMs);
  if (own.some(({ status }) => status === "endless")) return [];
  const nights = {
    ...{ plan, runs: own, archived: archived.filter(({ run }) => run.stack === name) },
    fromMs: stormStartMs - deployedBeforeMs,
    untilMs: (own.at(-1)?.endMs ?? stormStartMs) + watchedAfterMs,
  };
  return checkAlarms(nights, (rule, alarm, atMs, text) =>
    report(rule, `${name} ${alarm}, ${new Date(atMs).toISOString().slice(0, 16)}`, text),
  );
}

function placeOf({ stack, job, night, startMs }: RunRecord): string {
  return `${stack} ${job}, night ${night} (${new Date(startMs).toISOString().slice(0, 16)})`;
}

async function digestOf({ world: { aws }, plan }: Storm): Promise<string> {
  const hash = createHash("sha256");
  for (const { name } of plan.stacks) {
    for await (const { key } of aws.objects(`${name}-archive`)) {
      const body = await aws.read(`${name}-archive`, key);
      hash.update(`${name} ${key} ${dayInKey(key) ?? ""}\n`);
      hash.update(key.endsWith(".gz") ? inflated(body) : body);
    }
  }
  return hash.digest("hex");
}

function inflated(body: Buffer): Buffer {
  try {
    return gunzipSync(body);
  } catch {
    return body;
  }
}
