import { describe, expect, test } from "vitest";
import type { ContainerRequest, Moment } from "../support/container.ts";
import { openFastWorld } from "../support/fast-world.ts";
import { enterFastNights, fastNightsOf } from "./fast-nights.ts";
import { expectAsUndisturbed, smallAccount, undisturbedOf } from "./small-night.ts";

/** The night that nobody disturbs: what it asks for, in turn, and what it comes to. */
async function undisturbedNight() {
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
}

const undisturbed = await undisturbedNight();

function nameOf({ to, operation, target }: ContainerRequest): string {
  return to === "aws" ? `${operation} ${target.split("/")[1] ?? ""}` : `${operation} ${target.split("?")[0]}`;
}

/** Before every request, and after each that changes or asks for anything; after a read is before what follows it. */
const cells = undisturbed.requests.flatMap((request, index) => {
  const moments: readonly Moment[] = request.counts ? ["before", "after"] : ["before"];
  return moments.map((when) => ({ when, what: nameOf(request), place: index + 1 }));
});

describe("a night that is killed once, at whatever request", () => {
  test("asks for enough that this means something", () => {
    expect(undisturbed.requests.length).toBeGreaterThan(50);
    expect(new Set(undisturbed.requests.map(nameOf)).size).toBeGreaterThan(15);
  });

  test.each(cells)(
    "$when $what (request $place) ends with the undisturbed archive, nothing stored twice",
    async ({ when, place }) => {
      const nights = await enterFastNights({ account: smallAccount });

      const run = await nights.night({ death: { operation: place, when, countsReads: true } });

      expect([run.report?.status, run.containers]).toEqual(["done", 2]);
      await expectAsUndisturbed(nights, undisturbed);
    },
  );
});
