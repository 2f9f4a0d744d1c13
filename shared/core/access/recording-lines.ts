import { counted } from "../counted.ts";
import type { DayIndex } from "../day-index.ts";
import { addDays, type Day } from "../time/days.ts";
import { type AccessLine, okLine, warningLine } from "./access-line.ts";
import { inThousands } from "./limit-lines.ts";

/** RingCentral's settings of one kind of recording; undefined where it does not say. */
export interface RecordingKindSettings {
  readonly enabled: boolean | undefined;
  readonly days: number | undefined;
  readonly maxCount: number | undefined;
}

/** RingCentral's settings of call recording. */
export interface RecordingSettings {
  readonly automatic: RecordingKindSettings;
  readonly onDemand: RecordingKindSettings;
}

/** Returns the line about what RingCentral records and how long it keeps it. */
export function recordingLine({ automatic, onDemand }: RecordingSettings): AccessLine {
  const check = "call recording";
  const seen = `automatic ${kindText(automatic)}; on demand ${kindText(onDemand)}`;
  if (automatic.enabled !== false) return okLine(check, seen);
  return warningLine(
    check,
    seen,
    "If all calls are to be recorded, switch on automatic call recording in the Admin Portal. Else no action.",
  );
}

function kindText({ enabled, days, maxCount }: RecordingKindSettings): string {
  const state = enabled === undefined ? "not stated" : enabled ? "on" : "off";
  const kept = days === undefined ? [] : [`kept ${counted(days, "day")}`];
  const most = maxCount === undefined ? [] : [`${inThousands(maxCount)} at most`];
  return [state, ...kept, ...most].join(", ");
}

/** RingCentral's defaults. https://developers.ringcentral.com/guide/voice/call-log/recordings */
const defaultDays = 90;
const defaultMaxCount = 100_000;
/** Share of the cap from which the oldest recordings may go before their time. */
const nearCap = 0.9;

/** Returns the line that compares the automatic recordings of the retention period with RingCentral's cap. */
export function capLine(recent: number | undefined, { automatic }: RecordingSettings): AccessLine {
  const check = "recording cap";
  const { days = defaultDays, maxCount = defaultMaxCount } = automatic;
  const cap = `RingCentral keeps ${inThousands(maxCount)}`;
  if (recent === undefined) return okLine(check, `${cap}; no day is archived yet`);
  const seen = `${inThousands(recent)} automatic recordings in ${counted(days, "day")}, ${cap}`;
  if (recent < maxCount * nearCap) return okLine(check, seen);
  return warningLine(
    check,
    seen,
    "RingCentral deletes the oldest beyond that number, so keep the backlog short: run the archive every night, and ask RingCentral's developer support for a higher Heavy rate limit.",
  );
}

/** Days over which new recordings are averaged: four whole weeks. */
const averagedDays = 28;

/** Recordings of the archived days, from the index. */
export interface RecentRecordings {
  /** Average of the last 28 days that are indexed. */
  readonly perDay: number;
  /** Automatic recordings within RingCentral's retention. */
  readonly automatic: number;
}

/** Returns the recordings of recent days; undefined if the index has none. `today` is not counted. */
export function recentRecordings(
  index: Pick<DayIndex, "days"> | undefined,
  { today, settings }: { readonly today: Day; readonly settings: RecordingSettings },
): RecentRecordings | undefined {
  const days = Object.entries(index?.days ?? {}).flatMap(([day, { counts }]) => (counts ? [{ day, counts }] : []));
  const since = (count: number) => days.filter(({ day }) => day >= addDays(today, -count) && day < today);
  const averaged = since(averagedDays);
  if (averaged.length === 0) return undefined;
  const sum = (of: typeof days, name: string) => of.reduce((total, { counts }) => total + (counts[name] ?? 0), 0);
  return {
    perDay: sum(averaged, "recordings") / averaged.length,
    automatic: sum(since(settings.automatic.days ?? defaultDays), "automatic"),
  };
}
