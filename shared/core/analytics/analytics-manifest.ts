import * as z from "zod/mini";
import { compareText } from "../compare-text.ts";
import { dayManifestFields } from "../day-manifest.ts";
import { Count, Failure, Instant } from "../fields.ts";
import { ObjectRef } from "../object-ref.ts";
import { intervals } from "./analytics-query.ts";

const Group = z.string();

/** One complete fetch of a dataset; equal values have equal fingerprints. */
const Collection = z.object({ run: z.string(), at: Instant, fingerprint: z.string() });

/** One dataset of a day: values of one group, for the whole day or for each hour. */
const DatasetEntry = z.object({
  group: Group,
  interval: z.enum(intervals),
  /** Responses, each with its request; absent if the dataset was never collected. */
  object: z.optional(ObjectRef),
  /** Members of the group in the newest collection. */
  keys: Count,
  values: Count,
  /** The newest last. */
  collections: z.array(Collection),
  /** The first failure since the newest collection. */
  failure: z.optional(Failure),
});
export type DatasetEntry = z.infer<typeof DatasetEntry>;

export const AnalyticsManifest = z.object({
  schema: z.literal("nightshift/analytics-manifest/1"),
  ...dayManifestFields,
  /** Why the day is open: a dataset is missing or failed, or values may still change. */
  openReasons: z.array(z.enum(["incomplete", "may-change"])),
  datasets: z.array(DatasetEntry),
});
export type AnalyticsManifest = z.infer<typeof AnalyticsManifest>;

const datasetFields = { group: Group, interval: z.enum(intervals) };

/** What happened to a dataset. */
export const AnalyticsDayEvent = z.discriminatedUnion("type", [
  z.object({
    ...datasetFields,
    type: z.literal("collected"),
    collection: Collection,
    object: ObjectRef,
    keys: Count,
    values: Count,
  }),
  z.object({ ...datasetFields, type: z.literal("collection-failed"), failure: Failure }),
]);
export type AnalyticsDayEvent = z.infer<typeof AnalyticsDayEvent>;

/** Counts collections whose values differ from the previous collection's. */
export function countChanges({ collections }: Pick<DatasetEntry, "collections">): number {
  return collections.filter(
    ({ fingerprint }, index) => index > 0 && fingerprint !== collections[index - 1]?.fingerprint,
  ).length;
}

/** More than the most nights that a day is recollected; operators may request further collections. */
const maxCollectionsKept = 40;

/** Returns the dataset with its events added; events may come twice or in another order. */
export function withEvents(dataset: DatasetEntry, events: readonly AnalyticsDayEvent[]): DatasetEntry {
  const datasetEvents = events.filter(
    ({ group, interval }) => group === dataset.group && interval === dataset.interval,
  );
  const collected = datasetEvents.flatMap((event) => (event.type === "collected" ? [event] : []));
  const byKey = new Map(
    [...dataset.collections, ...collected.map(({ collection }) => collection)].map((each) => [
      `${each.at} ${each.run}`,
      each,
    ]),
  );
  const collections = [...byKey].sort(([a], [b]) => compareText(a, b)).map(([, each]) => each);
  const last = collections.at(-1);
  const newest = collected.find(({ collection }) => collection.at === last?.at && collection.run === last.run);
  const failures = datasetEvents.flatMap((event) => (event.type === "collection-failed" ? [event.failure] : []));
  const firstFailure = [...(dataset.failure ? [dataset.failure] : []), ...failures]
    .filter(({ at }) => at > (last?.at ?? ""))
    .sort((a, b) => compareText(a.at, b.at))[0];
  const { failure, ...known } = dataset;
  return {
    ...known,
    ...(newest && { object: newest.object, keys: newest.keys, values: newest.values }),
    collections: collections.slice(-maxCollectionsKept),
    ...(firstFailure && { failure: firstFailure }),
  };
}
