import * as z from "zod/mini";
import { given, showing } from "../given-value.ts";
import { nearestName } from "../nearest-name.ts";
import { groups, metrics } from "./analytics-names.ts";

/**
 * Schema for a list of `names`, parsed to each once and in their order. The error for an unknown name suggests the
 * nearest.
 */
function listOf<const Name extends string>(kind: string, names: readonly Name[]) {
  const name = z.enum(Object.fromEntries(names.map((each) => [each, each])) as { readonly [N in Name]: N }, {
    error: ({ input }) =>
      typeof input === "string"
        ? `unknown ${kind}; did you mean ${nearestName(input, names)}?${given(input)}`
        : `expected the name of a ${kind}${given(input)}`,
  });
  return z.pipe(
    z.array(name, showing(`expected a list of ${kind}s`)).check(z.minLength(1, `must contain a ${kind}`)),
    z.transform((selected): readonly Name[] => names.filter((each) => (selected as readonly string[]).includes(each))),
  );
}

/** Groups of settings and requests. */
export const AnalyticsGroups = listOf("group", groups);
/** Metrics of settings. */
export const AnalyticsMetrics = listOf("metric", metrics);
