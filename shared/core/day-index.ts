import * as z from "zod/mini";
import { Count, DateField, Instant } from "./fields.ts";
import { type Day, dayMs } from "./time/days.ts";

/** What the index knows of a day's manifest. */
const DayEntry = z.object({
  /** ETag of the manifest; the entry counts only while S3 lists this ETag. Absent: a run has begun the day. */
  etag: z.optional(z.string()),
  status: z.enum(["open", "closed"]),
  /** Totals of the manifest that later runs need. */
  counts: z.optional(z.record(z.string(), Count)),
  /** True if the ledger contains the manifest. */
  inLedger: z.optional(z.boolean()),
});
export type DayEntry = z.infer<typeof DayEntry>;

/** Index of an aggregate's days. It saves reading every manifest every night, and can be built again from them. */
export const DayIndex = z.object({
  schema: z.literal("nightshift/day-index/1"),
  account: z.string(),
  /** The rules by which days are closed; under other rules every day must be read again. */
  rules: z.string(),
  /** When a run last read every manifest. */
  walkedAt: Instant,
  /** Number of the newest ledger entry, 0 if there is none; absent if unknown. */
  ledgerEntries: z.optional(Count),
  days: z.record(DateField, DayEntry),
});
export type DayIndex = z.infer<typeof DayIndex>;

/** A wrong entry, which only someone other than a run can write, is corrected after this time. */
const maxIndexAgeMs = 30 * dayMs;

/** True if the index may be used instead of reading every manifest. */
export function isUsable(
  index: DayIndex,
  { account, rules, now }: { readonly account: string; readonly rules: string; readonly now: Date },
): boolean {
  const ageMs = now.getTime() - Date.parse(index.walkedAt);
  return index.account === account && index.rules === rules && ageMs >= 0 && ageMs < maxIndexAgeMs;
}

/** Adds what a run has found to the entries. A fact about the same manifest stays. */
export function withNotes(days: DayIndex["days"], notes: ReadonlyMap<Day, DayEntry>): DayIndex["days"] {
  const all = new Map(Object.entries(days));
  for (const [day, note] of notes) {
    const known = all.get(day);
    all.set(day, known?.etag === note.etag ? { ...known, ...note } : note);
  }
  return Object.fromEntries([...all].sort());
}

/** Same, after another run has written the index: a day that it shows as open stays open, because it may be changing it. */
export function withNotesAfterOther(theirs: DayIndex["days"], notes: ReadonlyMap<Day, DayEntry>): DayIndex["days"] {
  const isOpen = ([day, { etag }]: readonly [Day, DayEntry]) =>
    theirs[day]?.status === "open" && theirs[day].etag === etag;
  const ours = [...notes].map(([day, note]): [Day, DayEntry] => [
    day,
    isOpen([day, note]) ? { ...note, status: "open" } : note,
  ]);
  return withNotes(theirs, new Map(ours));
}
