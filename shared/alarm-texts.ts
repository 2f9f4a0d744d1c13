import { commonAlarms, startAlarms } from "./common-alarms.ts";
import type { JobDeployment } from "./job-deployment.ts";
import { type JobName, jobs } from "./jobs.ts";

/** Where the log lines of an alarm are, and what to do first. */
export interface AlarmText {
  /** Its chapter in docs/operations.md. */
  readonly chapter: string;
  /** The jobs whose logs have the lines; undefined: the log of `start-run`. */
  readonly jobs: readonly JobName[] | undefined;
  readonly lines: string;
  /** Code in it is marked: see `partsOf`. */
  readonly first: string;
  /** What has happened; absent where `first` says it. */
  readonly meaning?: string;
}

const all = Object.keys(jobs) as JobName[];

/** `check-access` logs the JWT's end from 60 days before it on. */
const credentialExpiring: AlarmText = {
  chapter: "credential-expiring",
  meaning: "The credential expires soon.",
  jobs: ["check-access"],
  lines: '{ $.facts.check = "JWT" }',
  first:
    "create a new JWT in RingCentral's Developer Console, and store it: `npx nightshift credential put rc.json --stack <name>`.",
};

/** Every alarm by its chapter. */
export const alarmTexts: readonly AlarmText[] = [
  credentialExpiring,
  ...Object.entries(commonAlarms).map(([chapter, text]) => ({ chapter, jobs: all, ...text })),
  ...Object.entries(startAlarms).map(([chapter, text]) => ({ chapter, jobs: undefined, ...text })),
  ...Object.entries<JobDeployment>(jobs).flatMap(([job, { alarms = [] }]) =>
    alarms.map(({ name, lines, first, meaning }) => ({
      ...{ chapter: name, jobs: [job as JobName], lines, first, meaning },
    })),
  ),
];

/**
 * Finds an alarm by its chapter, or by its whole name, which begins with the stack's and may end with a job's. Undefined if
 * there is none.
 */
export function findAlarm(name: string, stack: string): AlarmText | undefined {
  const short = name.startsWith(`${stack}-`) ? name.slice(stack.length + 1) : name;
  const found = alarmTexts.find(({ chapter }) => `${short}-`.startsWith(`${chapter}-`));
  const suffix = short.slice((found?.chapter.length ?? 0) + 1);
  const job = found?.jobs?.find((each) => each === suffix);
  return found && job ? { ...found, jobs: [job] } : found;
}
