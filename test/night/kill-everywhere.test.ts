import { describe, expect, test } from "vitest";
import type { ContainerRequest, Moment } from "../support/container.ts";
import { openFastWorld } from "../support/fast-world.ts";
import { once } from "../support/once.ts";
import { fastNightsOf } from "./fast-nights.ts";
import { expectAsUndisturbed, smallAccount, undisturbedOf } from "./small-night.ts";

/** Every kind of request of the night. */
const kinds = [
  "GetSecretValue",
  "GetObject owners",
  "PutObject owners",
  "GetObject tokens",
  "PutObject tokens",
  "POST /restapi/oauth/token",
  "GET /restapi/v1.0/account/~",
  "GetObject accounts",
  "PutObject accounts",
  "GET /restapi/v1.0/account/~/call-recording",
  "GetObject index",
  "ListObjectsV2 manifests",
  "ListObjectsV2 events",
  "GetObject listings",
  "GET /restapi/v1.0/account/~/call-log",
  "GetObject calls",
  "PutObject intents",
  "PutObject calls",
  "PutObject events",
  "GetObject manifests",
  "GetObject events",
  "PutObject plans",
  "GetObject plans",
  "HeadObject recordings",
  "GET /restapi/v1.0/account/~/recording/1/content",
  "PutObject recordings",
  "HeadObject calls",
  "PutObject manifests",
  "ListObjectsV2 ledger",
  "PutObject index",
  "PutObject ledger",
];

function kindOf({ to, operation, target }: ContainerRequest): string {
  if (to === "aws") return `${operation} ${target.split("/")[1] ?? ""}`.trim();
  return `${operation} ${target.split("?")[0]?.replace(/(?<=\/account\/)\d+/, "~")}`;
}

/** Returns requests, in order, and archive of the undisturbed night. */
const undisturbedNight = once(async () => {
  const world = await openFastWorld({ account: smallAccount });
  try {
    const requests: ContainerRequest[] = [];
    const nights = fastNightsOf(world);
    await nights.night({
      onRequest: (request, stage) => {
        if (stage === "sent") requests.push(request);
      },
    });
    return { requests, ...(await undisturbedOf(nights)) };
  } finally {
    world.close();
  }
});

describe("a night that is killed once, at any request,", () => {
  test("sends only kinds of requests that are listed here, and enough of them", async () => {
    const { requests } = await undisturbedNight();

    expect(new Set(requests.map(kindOf))).toEqual(new Set(kinds));
    expect(requests.length).toBeGreaterThan(50);
  });

  test.each(kinds)(
    "ends with the undisturbed archive, storing nothing twice, if killed at each %s",
    { timeout: 300_000 },
    async (kind) => {
      const { requests } = await undisturbedNight();

      for (const [index, request] of requests.entries()) {
        if (kindOf(request) !== kind) continue;
        // After a read is before what follows it.
        const moments: readonly Moment[] = request.counts ? ["before", "after"] : ["before"];
        for (const when of moments) await expectToSurvive({ operation: index + 1, when });
      }
    },
  );
});

async function expectToSurvive({ operation, when }: { readonly operation: number; readonly when: Moment }) {
  const undisturbed = await undisturbedNight();
  const world = await openFastWorld({ account: smallAccount });
  try {
    const nights = fastNightsOf(world);

    const run = await nights.night({ death: { operation, when, countsReads: true } });

    expect([run.report?.status, run.containers]).toEqual(["finished", 2]);
    await expectAsUndisturbed(nights, undisturbed);
  } catch (cause) {
    throw new Error(`Killed ${when} request ${operation}`, { cause });
  } finally {
    world.close();
  }
}
