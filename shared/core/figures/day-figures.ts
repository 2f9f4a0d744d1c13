import * as z from "zod/mini";
import { Count, DateField } from "../fields.ts";
import { outcomes } from "./outcome.ts";

/** Version of the figures. Raise it with every change of them; all days are then read again. */
export const figuresForm = 2;

const Amount = z.number().check(z.gte(0));

/** Calls that began in one hour of the clock. */
const HourFigures = z.object({ inbound: Count, outbound: Count });
export type HourFigures = z.infer<typeof HourFigures>;

/**
 * A day's voice calls by the call log, each session once. `outcomes` are those of the inbound calls, `connected` counts the
 * outbound ones that somebody answered. `hours` has 24: when the clock is put back, one of them counts two hours.
 */
const CallFigures = z.object({
  inbound: Count,
  outbound: Count,
  connected: Count,
  outcomes: z.record(z.enum(outcomes), Count),
  hours: z.array(HourFigures).check(z.length(24)),
});
export type CallFigures = z.infer<typeof CallFigures>;

/** A day's recordings by state. `seconds` are the durations of the calls whose recording is stored. */
const RecordingFigures = z.object({
  stored: Count,
  pending: Count,
  notFound: Count,
  refused: Count,
  alreadyDeleted: Count,
  lost: Count,
  bytes: Count,
  seconds: Amount,
});
export type RecordingFigures = z.infer<typeof RecordingFigures>;

/**
 * What RingCentral's analytics say of the company, or of one member of a group. Counts are calls. `ringing` counts the calls
 * that rang, for `ringingSeconds`, `talking` those in which somebody talked, for `talkSeconds`. `inSla` and `outOfSla` only queues have.
 */
const MemberFigures = z.object({
  key: z.string(),
  name: z.optional(z.string()),
  extensionNumber: z.optional(z.string()),
  calls: Amount,
  answered: Amount,
  notAnswered: Amount,
  missed: Amount,
  voicemail: Amount,
  abandoned: Amount,
  inSla: Amount,
  outOfSla: Amount,
  ringing: Amount,
  ringingSeconds: Amount,
  talking: Amount,
  talkSeconds: Amount,
  holdSeconds: Amount,
});
export type MemberFigures = z.infer<typeof MemberFigures>;

/** Groups of the analytics that pages show. */
export const shownGroups = ["Company", "Queues", "Departments", "Users"] as const;
export type ShownGroup = (typeof shownGroups)[number];

/** The members of each group that was collected; a group that was not is missing. */
const AnalyticsFigures = z.partialRecord(z.enum(shownGroups), z.array(MemberFigures));
export type AnalyticsFigures = z.infer<typeof AnalyticsFigures>;

/** What a page needs of days that it compares with. */
export const DayDigest = z.object({ calls: CallFigures, recordings: RecordingFigures });
export type DayDigest = z.infer<typeof DayDigest>;

/** The figures of a day, by its tables. */
export const DayFigures = z.extend(DayDigest, { day: DateField, analytics: AnalyticsFigures });
export type DayFigures = z.infer<typeof DayFigures>;
