import type { AwsLab } from "../../lab/aws/server.ts";
import { type ApiRequestRecord, itemOf, type RunRecord } from "./run-record.ts";
import type { StoredDay, StoredRecording } from "./stored-days.ts";
import { isInSpan, type StormPlan, type Trouble } from "./storm-plan.ts";

/** Data that RingCentral offered when a run began. */
export interface Obtainable {
  /** Days that had ended, with the ids of their records. */
  readonly days: ReadonlyMap<string, readonly string[]>;
  /** Recordings that could be downloaded, by id. */
  readonly recordings: ReadonlyMap<string, { readonly day: string; readonly bytes: number; readonly sha256: string }>;
}

/** A finished run, with the data before and after it. */
export interface EndedRun {
  readonly plan: StormPlan;
  readonly run: RunRecord;
  readonly aws: AwsLab;
  readonly archiveBucket: string;
  readonly stateBucket: string;
  readonly obtainable: Obtainable;
  readonly before: ReadonlyMap<string, StoredDay>;
  readonly after: ReadonlyMap<string, StoredDay>;
  /** Ids of the stored records by day. */
  readonly recordIds: ReadonlyMap<string, ReadonlySet<string>>;
  readonly analyticsKeys: ReadonlySet<string>;
}

/** Returns the violation, or undefined. */
export type RuleOfRun = (ended: EndedRun) => string | undefined;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Rules of every run of any job. */
export const rulesOfEveryRun = { runHasAnEnd, fewRequestsWhereNothingCame, fewLoginsWhereNothingCame } as const;

/** Rules of `archive-calls`. */
export const rulesOfArchive = {
  nothingObtainedIsSaid,
  failedDayIsSaid,
  storedObjectIsNoted,
  untroubledDayIsListed,
  untroubledRecordingIsStored,
  onlyOwnFailuresAreAttempts,
  nothingIsGivenUpInVain,
} as const;

/** Rules of `collect-analytics`. */
export const rulesOfAnalytics = { untroubledAnalyticsAreStored } as const;

/** Every run ends in bounded time: an hour and eight slices for each phase, and some reserve. */
function runHasAnEnd({ run }: EndedRun): string | undefined {
  if (run.status !== "endless") return undefined;
  return `${run.job} still worked after ${((run.endMs - run.startMs) / hourMs).toFixed(1)} h, with ${run.requests.length} requests and ${run.loginsAtMs.length} logins`;
}

const maxRequestsInVain = 120;
/** After this many missing recordings the rest of a day waits for the next night. Each of them shows by itself that it is missing. */
const maxMissingOfDay = 20;
const maxLoginsInVain = 4;

function fewRequestsWhereNothingCame(ended: EndedRun): string | undefined {
  const { run } = ended;
  const maxMissing = missingDays(ended) * maxMissingOfDay * (1 + run.kills);
  if (somethingCame(run) || run.requests.length <= maxRequestsInVain + maxMissing) return undefined;
  return `${run.requests.length} requests to a service that gave nothing`;
}

/** Returns the days with a recording that was not found. */
function missingDays({ run, after }: EndedRun): number {
  const missing = new Set(
    run.requests.flatMap(({ target, status }) => (status === 404 ? (itemOf(target).recordingId ?? []) : [])),
  );
  return [...after.values()].filter(({ recordings }) => [...recordings.keys()].some((id) => missing.has(id))).length;
}

function fewLoginsWhereNothingCame(ended: EndedRun): string | undefined {
  const { run } = ended;
  const explained = run.kills + troublesOf(ended).filter(({ type }) => type === "evict").length;
  if (somethingCame(run) || run.loginsAtMs.length <= maxLoginsInVain + explained) return undefined;
  return `${run.loginsAtMs.length} logins for a service that gave nothing`;
}

/** If five or more recordings were requested, one for the first time, and none was stored, the run fails with its own code. */
function nothingObtainedIsSaid({ run, before }: EndedRun): string | undefined {
  if (run.status !== "finished" || run.written.some((key) => key.includes("/recordings/"))) return undefined;
  const requested = [...responsesByRecording(run).keys()];
  const attempted = new Set([...before.values()].flatMap(({ recordings }) => withAttempts(recordings)));
  const firstTime = requested.filter((id) => !attempted.has(id));
  if (requested.length < 5 || firstTime.length === 0) return undefined;
  return `${requested.length} recordings were requested, none was stored, and the run ended well`;
}

/** A day that was requested and never came makes the run fail. */
function failedDayIsSaid({ run }: EndedRun): string | undefined {
  if (run.status !== "finished") return undefined;
  const failed = [...responsesByDay(run)].find(([, statuses]) => !statuses.some(isGood));
  return failed && `the listing of ${failed[0]} never came, and the run ended well`;
}

/** A recording that a run has stored is in a manifest when it has closed its days, unless S3 denies that manifest or all. */
function storedObjectIsNoted(ended: EndedRun): string | undefined {
  const { run, after } = ended;
  if (!run.steps.includes("ledger") || troublesOf(ended).some(isRefusedPrefix)) return undefined;
  const stored = run.writtenInTheEnd.flatMap((target) => {
    const [, day = "", id] = /\/recordings\/.*=([^/]+)\/([^/]+)\.\w+$/.exec(target) ?? [];
    return id === undefined || isDayDamaged(ended, day) ? [] : id;
  });
  const noted = new Set(
    [...after.values()].flatMap(({ recordings }) => [...recordings.values()].filter(isStored).map(({ id }) => id)),
  );
  const lost = stored.filter((id) => !noted.has(id));
  if (lost.length === 0) return undefined;
  return `${lost.length} of ${stored.length} recordings that the run stored are in no manifest, such as ${lost[0]}`;
}

/** A day without trouble has every record the same night. */
function untroubledDayIsListed(ended: EndedRun): string | undefined {
  if (!owesEverything(ended)) return undefined;
  for (const [day, ids] of ended.obtainable.days) {
    if (isDayTroubled(ended, day) || mayBeBlamed(ended.run, "/call-log", (target) => itemOf(target).day === day))
      continue;
    const stored = ended.recordIds.get(day);
    const lacking = ids.filter((id) => !stored?.has(id));
    if (lacking.length > 0) return `${day} lacks ${lacking.length} of ${ids.length} records (${endOf(ended.run)})`;
    if (!ended.after.has(day)) return `${day} has no manifest (${endOf(ended.run)})`;
  }
  return undefined;
}

/** A recording without trouble is stored the same night, if it is due. */
function untroubledRecordingIsStored(ended: EndedRun): string | undefined {
  if (!owesEverything(ended)) return undefined;
  const lacking: string[] = [];
  for (const [id, { day, bytes, sha256 }] of ended.obtainable.recordings) {
    if (isRecordingTroubled(ended, id) || mayRecordingBeBlamed(ended.run, id)) continue;
    if (isDayDamaged(ended, day) || (isDayTroubled(ended, day) && !ended.before.get(day)?.recordings.has(id))) continue;
    const entry = ended.after.get(day)?.recordings.get(id);
    if (entry && !isDue(beforeRun(entry, ended.run), ended.run.startMs)) continue;
    const object = entry?.object;
    const stored = object && ended.aws.describe(ended.archiveBucket, object.key);
    if (stored?.size !== bytes || stored.sha256 !== sha256) lacking.push(id);
  }
  if (lacking.length === 0) return undefined;
  return `${lacking.length} of ${ended.obtainable.recordings.size} recordings are not stored, such as ${lacking[0]} (${endOf(ended.run)})`;
}

/** A recording gets an attempt only if that recording itself failed, and more than once in passing. */
function onlyOwnFailuresAreAttempts(ended: EndedRun): string | undefined {
  const responses = responsesByRecording(ended.run);
  for (const { recordings } of ended.after.values()) {
    for (const { id, attempts } of recordings.values()) {
      if (attempts.every((each) => isBeforeRun(each, ended.run)) || isRecordingTroubled(ended, id)) continue;
      if (!ended.obtainable.recordings.has(id)) continue;
      const bad = badOnes(responses.get(id));
      if (bad === 0) return `an attempt is noted of ${id}, which was never answered badly (${attempts.at(-1)?.reason})`;
      if (owesEverything(ended) && !mayRecordingBeBlamed(ended.run, id))
        return `an attempt is noted of ${id} after ${bad} bad answers (${attempts.at(-1)?.reason})`;
    }
  }
  return undefined;
}

/** No recording becomes not-found, refused or lost that RingCentral has, unless it refused that one alone. */
function nothingIsGivenUpInVain(ended: EndedRun): string | undefined {
  const alone = new Set(
    ended.plan.troubles.flatMap(({ items }) => (Array.isArray(items?.recordings) ? items.recordings : [])),
  );
  for (const { recordings } of ended.after.values()) {
    for (const { id, state, attempts } of recordings.values()) {
      if (state !== "given-up" || alone.has(id) || !ended.obtainable.recordings.has(id)) continue;
      return `${id} is given up after ${attempts.length} attempts (${attempts.at(-1)?.reason})`;
    }
  }
  return undefined;
}

/** Every dataset without trouble of a day that has ended is stored. */
function untroubledAnalyticsAreStored(ended: EndedRun): string | undefined {
  if (!owesEverything(ended)) return undefined;
  const troubled = new Set(
    troublesOf(ended).flatMap((trouble) => (trouble.items?.analytics ? datasetsOf(trouble) : [])),
  );
  for (const day of ended.obtainable.days.keys()) {
    for (const [dataset, requested] of [
      // A span of several days comes by timelines, too.
      ["day", /aggregation|interval=Day/],
      ["hour", /interval=Hour/],
    ] as const) {
      const isBlamed = mayBeBlamed(ended.run, "/analytics/", (target) => requested.test(target));
      if (troubled.has(dataset) || isBlamed) continue;
      const found = [...ended.analyticsKeys].some(
        (key) => key.includes(`date=${day}/`) && key.includes(`Company-${dataset}`),
      );
      if (!found) return `${day} lacks Company-${dataset} (${endOf(ended.run)})`;
    }
  }
  return undefined;
}

function datasetsOf(trouble: Trouble): readonly string[] {
  if (trouble.type !== "api" || typeof trouble.fault.on === "string") return ["day", "hour"];
  // A span of several days comes by timelines, too.
  if (trouble.fault.on.endpoint === "analyticsTimeline") return ["day", "hour"];
  return trouble.fault.on.endpoint === "analyticsAggregation" ? ["day"] : ["day", "hour"];
}

/** Returns the troubles that may have done harm during the run. */
function troublesOf({ plan, run }: Pick<EndedRun, "plan" | "run">): readonly Trouble[] {
  return plan.troubles.filter((trouble) => isInSpan(trouble, run.startMs, run.endMs));
}

/** True if this run must do everything without trouble: no newer one took over, and no severe trouble happened. */
export function owesEverything(ended: Pick<EndedRun, "plan" | "run">): boolean {
  return ended.run.status !== "superseded" && troublesOf(ended).every(({ harm }) => harm !== "severe");
}

function isDayTroubled(ended: EndedRun, day: string): boolean {
  return troublesOf(ended).some(({ items }) => items?.days?.includes(day));
}

/** True if S3 may refuse an object that is stored or to be published. */
function isRefusedPrefix({ kind }: Trouble): boolean {
  return kind === "refused prefix";
}

/** True if the archive's own objects of the day cannot be read or written. */
function isDayDamaged(ended: EndedRun, day: string): boolean {
  const isOfArchive = ({ type }: Trouble) => type === "damage" || type === "aws";
  return troublesOf(ended).some((trouble) => isOfArchive(trouble) && trouble.items?.days?.includes(day));
}

function isRecordingTroubled(ended: EndedRun, id: string): boolean {
  return troublesOf(ended).some(({ items }) => items?.recordings === "all" || items?.recordings?.includes(id));
}

/** True if any requested page, recording or dataset came. */
function somethingCame({ requests }: RunRecord): boolean {
  const ofItems = requests.filter(({ target }) =>
    /\/(call-log|recording|analytics)\//.test(`${target.split("?")[0]}/`),
  );
  return requests.length === 0 || ofItems.some(({ status }) => isGood(status));
}

function isGood(status: number | undefined): boolean {
  return status !== undefined && status < 400;
}

function badOnes(statuses: readonly (number | undefined)[] | undefined): number {
  return (statuses ?? []).filter((status) => !isGood(status) && status !== 429).length;
}

/** Quick retries of one request take less, in ms. */
const minBetweenFailuresMs = 5_000;

/** True if a run may count a failure of an item: it failed again, and another of its kind succeeded after the first failure. */
function mayBeBlamed({ requests }: RunRecord, kind: string, isIts: (target: string) => boolean): boolean {
  const isBad = ({ target, status }: ApiRequestRecord) => isIts(target) && !isGood(status) && status !== 429;
  const first = requests.find(isBad)?.sentAtMs ?? Number.POSITIVE_INFINITY;
  const last = requests.findLast(isBad)?.sentAtMs ?? 0;
  const isSign = ({ target, status, sentAtMs }: ApiRequestRecord) =>
    target.includes(kind) && isGood(status) && sentAtMs > first;
  return last - first >= minBetweenFailuresMs && requests.some(isSign);
}

function mayRecordingBeBlamed(run: RunRecord, id: string): boolean {
  return mayBeBlamed(run, "/recording/", (target) => itemOf(target).recordingId === id);
}

type Responses = ReadonlyMap<string, readonly (number | undefined)[]>;

function responsesByRecording(run: RunRecord): Responses {
  return responsesBy(run, (target) => itemOf(target).recordingId);
}

function responsesByDay(run: RunRecord): Responses {
  return responsesBy(run, (target) => itemOf(target).day);
}

function responsesBy({ requests }: RunRecord, keyOf: (target: string) => string | undefined): Responses {
  const found = new Map<string, (number | undefined)[]>();
  for (const { target, status } of requests) {
    const key = keyOf(target);
    if (key !== undefined) found.set(key, [...(found.get(key) ?? []), status]);
  }
  return found;
}

/** True for attempts of an earlier run, which a later one may have stored. */
function isBeforeRun({ at }: StoredRecording["attempts"][number], { startMs }: RunRecord): boolean {
  return Date.parse(at) < startMs;
}

/** Returns the recording as far as the run could know it at its start. */
function beforeRun(entry: StoredRecording, run: RunRecord): StoredRecording {
  const attempts = entry.attempts.filter((each) => isBeforeRun(each, run));
  return { ...entry, state: entry.state === "given-up" ? "given-up" : "pending", attempts };
}

function withAttempts(recordings: StoredDay["recordings"]): string[] {
  return [...recordings.values()].flatMap(({ id, attempts }) => (attempts.length > 0 ? [id] : []));
}

function isStored({ state }: StoredRecording): boolean {
  return state === "stored";
}

/** True if an attempt is due: at once, then after 1, 2, 4 and always 8 nights, some hours early. */
function isDue({ state, attempts }: StoredRecording, nowMs: number): boolean {
  if (state === "given-up") return false;
  const last = attempts.at(-1);
  if (!last) return true;
  const nights = Math.min(2 ** (attempts.length - 1), 8);
  return Date.parse(last.at) + nights * dayMs - 6 * hourMs <= nowMs;
}

function endOf({ status, code }: RunRecord): string {
  return code ? `${status}, ${code}` : status;
}
