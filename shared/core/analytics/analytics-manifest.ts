import * as z from "zod/mini";
import { compareText } from "../compare-text.ts";
import { dayManifestFields } from "../day-manifest.ts";
import { ObjectRef } from "../object-ref.ts";
import { intervals } from "./analytics-query.ts";

const Instant = z.string();
const Count = z.number().check(z.int(), z.nonnegative());
const Group = z.string();

/** One complete collection of a part; equal numbers have equal fingerprints. */
const Collection = z.object({ run: z.string(), at: Instant, fingerprint: z.string() });

/** Why a part could not be collected, and since when. */
const Failure = z.object({
  run: z.string(),
  at: Instant,
  code: z.string(),
  /** True when the same run had succeeded with others: then the fault lies with this one. */
  othersSucceeded: z.optional(z.boolean()),
});

/** What is known of one group's numbers of a day: one for the whole day, or one for each hour. */
const DatasetEntry = z.object({
  group: Group,
  interval: z.enum(intervals),
  /** the responses, beside the requests that they were given to; absent where it was never collected. */
  object: z.optional(ObjectRef),
  /** Keys of the group, and numbers in all, as last collected. */
  keys: Count,
  values: Count,
  /** The newest last. */
  collections: z.array(Collection),
  failure: z.optional(Failure),
});
export type DatasetEntry = z.infer<typeof DatasetEntry>;

/** What the analytics of a day hold and lack. */
export const AnalyticsManifest = z.object({
  schema: z.literal("nightshift/analytics-manifest/1"),
  ...dayManifestFields,
  /** Why the day is open: a part is missing, or its numbers may still change. */
  openReasons: z.array(z.enum(["incomplete", "may-change"])),
  datasets: z.array(DatasetEntry),
});
export type AnalyticsManifest = z.infer<typeof AnalyticsManifest>;

const of = { group: Group, interval: z.enum(intervals) };

/** What happened to a part, as the steps of a run write it down. */
export const AnalyticsDayEvent = z.discriminatedUnion("type", [
  z.object({
    ...of,
    type: z.literal("collected"),
    collection: Collection,
    object: ObjectRef,
    keys: Count,
    values: Count,
  }),
  z.object({ ...of, type: z.literal("collection-failed"), failure: Failure }),
]);
export type AnalyticsDayEvent = z.infer<typeof AnalyticsDayEvent>;

/** How often the numbers of a part were found to have changed. */
export function countChanges({ collections }: Pick<DatasetEntry, "collections">): number {
  return collections.filter(({ fingerprint }, n) => n > 0 && fingerprint !== collections[n - 1]?.fingerprint).length;
}

/** More than the longest trailing span; a person may ask for a day again and again. */
const collectionsKept = 40;

/** The entry of a part after what happened, in whatever order it is told and be it told twice. */
export function withEvents(entry: DatasetEntry, events: readonly AnalyticsDayEvent[]): DatasetEntry {
  const told = events.filter(({ group, interval }) => group === entry.group && interval === entry.interval);
  const collected = told.flatMap((event) => (event.type === "collected" ? [event] : []));
  const byKey = new Map(
    [...entry.collections, ...collected.map(({ collection }) => collection)].map((each) => [
      `${each.at} ${each.run}`,
      each,
    ]),
  );
  const collections = [...byKey].sort(([a], [b]) => compareText(a, b)).map(([, each]) => each);
  const last = collections.at(-1);
  const newest = collected.find(({ collection }) => collection.at === last?.at && collection.run === last.run);
  const failures = told.flatMap((event) => (event.type === "collection-failed" ? [event.failure] : []));
  const since = [...(entry.failure ? [entry.failure] : []), ...failures]
    .filter(({ at }) => at > (last?.at ?? ""))
    .sort((a, b) => compareText(a.at, b.at))[0];
  const { failure, ...known } = entry;
  return {
    ...known,
    ...(newest && { object: newest.object, keys: newest.keys, values: newest.values }),
    collections: collections.slice(-collectionsKept),
    ...(since && { failure: since }),
  };
}
