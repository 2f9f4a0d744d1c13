import { expect, test } from "vitest";
import { defaultGroups } from "../../../shared/core/analytics/analytics-names.ts";
import { openAnalyticsWorld } from "../../support/collect-analytics/analytics-world.ts";
import { countS3Operations } from "../../support/s3-operations.ts";

/** Three GETs look whether check-access, which shares the rate limit, is at work. For each of 42 queries: PUT of its page, event and note, HEAD of its object. A new day has 14 objects, and is collected on three nights. */
const eachNight = { GET: 49, LIST: 19, HEAD: 42, PUT: 155 };

test("a quiet night of all default groups takes 49 GET and 19 LIST requests, however many nights came before", async () => {
  const organisation = { users: 1, queues: 1, sites: 1, departments: 1, ivrs: 1 };
  const world = await openAnalyticsWorld({ account: { organisation, calls: { perDay: 1 } } });
  const settings = { groups: defaultGroups, chosen: ["allCalls"] } as const;
  await world.run(settings);

  for (let night = 2; night <= 4; night++) {
    const { onRequest, read } = countS3Operations();
    const { error, requested } = await world.nextNight({ ...settings, onRequest });

    expect(error).toBeUndefined();
    expect(requested).toHaveLength(42);
    expect([night, read()]).toEqual([night, eachNight]);
  }
});
