import * as z from "zod/mini";
import { given, showing } from "../given-value.ts";
import { nearestName } from "../nearest-name.ts";
import { groups, metrics } from "./analytics-names.ts";

/** Names of a list, each once and in its order; one that is not in it is told with the one that was probably meant. */
function listOf<const Name extends string>(what: string, names: readonly Name[]) {
  const name = z.enum(Object.fromEntries(names.map((each) => [each, each])) as { readonly [N in Name]: N }, {
    error: ({ input }) =>
      typeof input === "string"
        ? `there is no such ${what}; did you mean ${nearestName(input, names)}?${given(input)}`
        : `expected the name of a ${what}${given(input)}`,
  });
  return z.pipe(
    z.array(name, showing(`expected a list of ${what}s`)).check(z.minLength(1, `names no ${what}`)),
    z.transform((chosen): readonly Name[] => names.filter((each) => (chosen as readonly string[]).includes(each))),
  );
}

/** What the analytics are collected of, as settings and requests name it. */
export const AnalyticsGroups = listOf("group", groups);
export const AnalyticsMetrics = listOf("metric", metrics);
