import { z } from "zod";
import { callFiltersSchema } from "./call-filters.ts";
import { type Grouping, groupBys, membersOf } from "./groupings.ts";
import { type AggregationType, aggregationTypes, requestName, type Section } from "./metric-selection.ts";
import { metrics } from "./metrics.ts";
import { timeSettingsSchema } from "./time-settings.ts";
import { intervals } from "./zone-clock.ts";

const groupingSchema = z
  .object({
    groupBy: z.enum(groupBys).optional(),
    groupByMembers: z.enum(membersOf).optional(),
    keys: z.array(z.string()).optional(),
  })
  .transform(({ groupBy, groupByMembers, keys = [] }, context): Grouping => {
    if (groupBy !== undefined && groupByMembers === undefined) return { groupBy, keys };
    if (groupBy === undefined && groupByMembers !== undefined) return { groupByMembers, keys };
    context.addIssue({ code: "custom", message: "exactly one of groupBy and groupByMembers" });
    return z.NEVER;
  });

const needsInterval: Readonly<Record<AggregationType, Readonly<Record<Section, "never" | "always" | "perhaps">>>> = {
  Sum: { counters: "never", timers: "never" },
  Percent: { counters: "never", timers: "never" },
  Average: { counters: "always", timers: "perhaps" },
  Max: { counters: "always", timers: "perhaps" },
  Min: { counters: "always", timers: "perhaps" },
};

/** How one metric is to be aggregated (OpenAPI: AggregationResponseOptionsCounters, …Timers). */
const aggregation = (section: Section) =>
  z.object({ aggregationType: z.enum(aggregationTypes), aggregationInterval: z.enum(intervals).optional() }).refine(
    ({ aggregationType, aggregationInterval }) => {
      const need = needsInterval[aggregationType][section];
      return need === "perhaps" || (need === "always") === (aggregationInterval !== undefined);
    },
    { path: ["aggregationInterval"] },
  );

const onlySum = z.strictObject({ aggregationType: z.literal("Sum") });

/** Creates the schema of an object that may have exactly the metric names of the section. */
function byMetric<Schema extends z.ZodType>(section: Section, schemaOf: (name: string) => Schema) {
  const names = metrics.flatMap((metric) => requestName(metric, section) ?? []);
  return z.strictObject(Object.fromEntries(names.map((name) => [name, schemaOf(name).optional()]))).optional();
}

const aggregationOptions = z.object({
  counters: byMetric("counters", (name) => (name === "queueOpportunities" ? onlySum : aggregation("counters"))),
  timers: byMetric("timers", () => aggregation("timers")),
});

const timelineOptions = z.object({
  counters: byMetric("counters", () => z.boolean()),
  timers: byMetric("timers", () => z.boolean()),
});

const shared = {
  grouping: groupingSchema,
  timeSettings: timeSettingsSchema,
  callFilters: callFiltersSchema.optional(),
};

/** The two requests' bodies. */
export const aggregationBody = z.object({ ...shared, responseOptions: aggregationOptions });
export const timelineBody = z.object({ ...shared, responseOptions: timelineOptions });

const pageNumber = z
  .string()
  .regex(/^[1-9]\d{0,8}$/)
  .transform(Number);

const paging = (maxPerPage: number) => ({
  page: pageNumber.default(1),
  perPage: pageNumber.refine((perPage) => perPage <= maxPerPage).default(maxPerPage), // Guess: the default is the maximum.
});

/** The two requests' query parameters. */
export const aggregationQuery = z.object(paging(200));
export const timelineQuery = z.object({ ...paging(20), interval: z.enum(intervals) });
