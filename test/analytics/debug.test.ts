import { test } from "vitest";
import { openAnalyticsWorld } from "./analytics-world.ts";
import { fewGroups, fewMetrics, smallAccount } from "./small-account.ts";

const few = { groups: fewGroups, chosen: fewMetrics };
test("x", async () => {
  const limits = { light: { limit: 7, windowMs: 60_000, penaltyMs: 60_000 } };
  const world = await openAnalyticsWorld({ account: { ...smallAccount, organisation: { users: 105 } }, limits });
  const t0 = performance.now();
  const f: typeof fetch = async (url, init) => {
    if (!String(url).includes("analytics")) return fetch(url, init);
    const r = await fetch(url, init).catch((e) => {
      console.log("ERR", e.cause ?? e);
      throw e;
    });
    const t = await r.clone().text();
    const body = init?.body ? JSON.parse(String(init.body)) : {};
    if (String(url).includes("analytics"))
      console.log(
        Math.round(performance.now() - t0),
        r.status,
        String(url).slice(-40),
        body.grouping?.groupBy,
        body.timeSettings?.timeRange.timeFrom,
        t.length,
      );
    return r;
  };
  const { asked, told, report, logged } = await world.run({ ...few, fetch: f });
  console.log(told, report, logged.slice(0, 5), performance.now() - t0);
});
