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

interface SentRequest extends ContainerRequest {
  /** True if no request came between the container's start, or the last result that the engine has kept, and this one. */
  readonly isFirst: boolean;
}

/** Returns requests, in order, and archive of the undisturbed night. */
const undisturbedNight = once(async () => {
  const world = await openFastWorld({ account: smallAccount });
  try {
    const requests: SentRequest[] = [];
    let isFirst = true;
    const nights = fastNightsOf(world);
    await nights.night({
      onStep: (_name, when) => {
        isFirst ||= when === "ended";
      },
      onRequest: (request, stage) => {
        if (stage !== "sent") return;
        requests.push({ ...request, isFirst });
        isFirst = false;
      },
    });
    return { requests, ...(await undisturbedOf(nights)) };
  } finally {
    world.close();
  }
});

const everyMoment = process.env.EVERY_CELL !== undefined;

/**
 * Returns when to kill at a request: after it, if it changes something, and before it, if a result was kept since the last. What
 * reads have brought dies with the container, so that every other moment leaves the same as one of these.
 */
function momentsAt({ counts, isFirst }: SentRequest): readonly Moment[] {
  const before = isFirst || everyMoment;
  return [...(before ? ["before" as const] : []), ...(counts ? ["after" as const] : [])];
}

const isRead = /^(?:Get|Head|List)/;
/** The reads that come first, of a container or after a kept result. */
const firstReads = ["GetSecretValue", "GetObject owners"];
const struck = kinds.filter((kind) => everyMoment || !isRead.test(kind) || firstReads.includes(kind));

describe("a night that is killed once, at any request,", () => {
  test("sends only kinds of requests that are listed here, and enough of them", async () => {
    const { requests } = await undisturbedNight();

    expect(new Set(requests.map(kindOf))).toEqual(new Set(kinds));
    expect(requests.length).toBeGreaterThan(50);
  });

  test("is killed at each kind of request around which a kill leaves something of its own", async () => {
    const { requests } = await undisturbedNight();

    const killed = requests.filter((request) => momentsAt(request).length > 0);

    expect(new Set(killed.map(kindOf))).toEqual(new Set(struck));
  });

  test.each(struck)(
    "ends with the undisturbed archive, storing nothing twice, if killed at each %s",
    { timeout: 300_000 },
    async (kind) => {
      const { requests } = await undisturbedNight();

      for (const [index, request] of requests.entries()) {
        if (kindOf(request) !== kind) continue;
        for (const when of momentsAt(request)) await expectToSurvive({ operation: index + 1, when });
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
