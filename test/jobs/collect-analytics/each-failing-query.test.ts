import { describe, expect, test } from "vitest";
import { whenGone } from "../../../lab/gone-signal.ts";
import { toBody } from "../../../shared/aws/bucket.ts";
import { diesBeforeStoring } from "../../support/collect-analytics/dies-before-storing.ts";
import { enterFastWorld } from "../../support/enter-fast-world.ts";
import type { FastWorld } from "../../support/fast-world.ts";
import { accountOf, recordedCalls } from "../../support/recorded-calls.ts";

const days = ["2026-11-01", "2026-11-02", "2026-11-03"] as const;
const environment = { ANALYTICS_GROUPS: "Company,Users,Queues", ANALYTICS_METRICS: "allCalls" };
const account = accountOf(...days.flatMap((day) => recordedCalls(day, 3)));
const groups = ["Company", "Users", "Queues"];

type BadResponse = (signal: AbortSignal | null | undefined) => Response | Promise<Response>;
const json = (status: number, errorCode: string) => () => Response.json({ errorCode }, { status });
const silence: BadResponse = async (signal) => {
  if (signal) await whenGone(signal);
  throw signal?.reason;
};

/** What is collected of each group. */
async function collectedOf(world: FastWorld): Promise<Readonly<Record<string, number>>> {
  const manifests = Object.values(await world.analyticsManifests());
  const found = manifests.flatMap((manifest) => manifest.datasets.filter(({ collections }) => collections.length > 0));
  return Object.fromEntries(groups.map((group) => [group, found.filter((each) => each.group === group).length]));
}

describe("a group whose queries get", () => {
  const responses: readonly (readonly [string, BadResponse, string])[] = [
    ["400", json(400, "CMN-101"), "API_BAD_REQUEST"],
    ["401", json(401, "OAU-213"), "API_REFUSED"],
    ["403 CMN-408", json(403, "CMN-408"), "API_REFUSED"],
    ["403 CMN-419", json(403, "CMN-419"), "API_REFUSED"],
    ["404 CMN-102", json(404, "CMN-102"), "API_NOT_FOUND"],
    ["404 AGW-404", json(404, "AGW-404"), "API_REFUSED"],
    ["500", json(500, "CMN-201"), "API_UNAVAILABLE"],
    ["garbage", () => new Response("<html>"), "API_BAD_RESPONSE"],
    ["an empty body", () => new Response(""), "API_BAD_RESPONSE"],
    ["nothing", silence, "API_UNAVAILABLE"],
  ];
  test.each(responses)(
    "%s is reported with its reason, and all others are stored that night",
    async (_name, response, code) => {
      const world = await enterFastWorld({ account, environment });

      const run = await world.run("collect-analytics", {
        fetch: (send) => async (url, init) =>
          String(init?.body ?? "").includes('"Users"') ? response(init?.signal) : send(url, init),
      });

      expect(run.error).toMatchObject({ code: "DAYS_INCOMPLETE" });
      expect(run.error?.message).toContain(`Users (${code}`);
      // By day and by hour.
      expect(await collectedOf(world)).toEqual({ Company: 6, Users: 0, Queues: 6 });
      const failures = Object.values(await world.analyticsManifests()).flatMap((manifest) =>
        manifest.datasets.filter(({ group }) => group === "Users").map(({ failure }) => failure?.code),
      );
      expect(new Set(failures)).toEqual(new Set([code]));
      // The first, and one for each of the two requests: by day and by hour.
      expect(run.logins).toBeLessThanOrEqual(3);
    },
  );
});

test("a stored page that is damaged when its container dies fails only its query: every other is stored that night, and it the next", async () => {
  const world = await enterFastWorld({ account, environment });

  const run = await world.run("collect-analytics", {
    fate: diesBeforeStoring,
    onStep: async (name) => {
      if (name !== "fetch") return;
      for await (const { key } of world.state.list("analytics/queries/"))
        if (key.includes("/responses/") && key.includes("/Users-Day"))
          await world.state.put(key, toBody("no such thing"), "application/gzip");
    },
  });
  const collected = await collectedOf(world);
  world.clock.advance(24 * 3_600_000);
  await world.run("collect-analytics");

  expect(run.containers).toBe(2);
  expect(run.error).toMatchObject({ code: "DAYS_INCOMPLETE" });
  expect(run.error?.message).toContain("3 queries failed");
  expect(collected).toEqual({ Company: 6, Users: 3, Queues: 6 });
  expect((await collectedOf(world)).Users).toBeGreaterThan(6);
});
