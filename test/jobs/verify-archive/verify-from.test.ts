import { describe, expect, test } from "vitest";
import { archiveKeys } from "../../../shared/core/object-keys.ts";
import { rotationParts } from "../../../shared/core/rotation.ts";
import type { VerificationPlan } from "../../../shared/jobs/verify-archive/plan-verification.ts";
import type { VerifyServices } from "../../../shared/jobs/verify-archive/services.ts";
import { type VerifyCursor, verifyFrom } from "../../../shared/jobs/verify-archive/verify-from.ts";
import { TimeUp } from "../../../shared/runtime/slice.ts";
import { account } from "../../support/audit/archive-lab.ts";
import { first, sampleArchive, third } from "../../support/audit/sample-archive.ts";
import { tamperWith } from "../../support/audit/tamper.ts";

const { shared } = sampleArchive();
const hourMs = 3_600_000;
const everyPart = Array.from({ length: rotationParts }, (_, index) => index + 1);
const planOf = (): VerificationPlan => ({
  ...{ account, day: "2026-11-07", begunAt: new Date(Date.parse("2026-11-07T06:00:00Z")).toISOString(), known: {} },
  ...{ parts: everyPart, rotation: { next: 1, owed: 0 } },
});

/** Services whose clock shows another time at each look, by `stepMs`. */
function servicesOf(stepMs: number): VerifyServices {
  const { archive, state } = shared().services("verification");
  let looks = 0;
  const now = () => new Date(Date.parse("2026-11-07T06:00:00Z") + looks++ * stepMs);
  return { archive, state, now, publicKey: undefined } as unknown as VerifyServices;
}

/** Runs slices until the work is done, each from the cursor of the one before. Returns the last cursor and their number. */
async function inSlices(
  stepMs: number,
): Promise<{ readonly cursor: VerifyCursor | undefined; readonly slices: number }> {
  let cursor: VerifyCursor | undefined;
  for (let slices = 1; ; slices++) {
    try {
      for await (const reached of verifyFrom(servicesOf(stepMs), planOf(), cursor))
        cursor = JSON.parse(JSON.stringify(reached));
      return { cursor, slices };
    } catch (error) {
      if (!(error instanceof TimeUp)) throw error;
    }
  }
}

describe("a verification in many slices", () => {
  test("finds objects of no day wherever their names stand, once, and counts no day twice", async () => {
    const tamper = tamperWith(shared());
    const strays = ["date=1", `date=${first}-x/calls`, `date=${third}-x/calls`, "date=zz/payload"];
    for (const name of strays) await tamper.put(`recordings/account=7/${name}`, "audio");

    const whole = await inSlices(0);
    const cut = await inSlices(hourMs);

    expect(cut.slices).toBeGreaterThan(3);
    expect(cut.cursor?.findings.map(({ key }) => key).sort()).toEqual(
      strays.map((name) => `recordings/account=7/${name}`),
    );
    expect(cut.cursor?.finished).toEqual(whole.cursor?.finished);
  });

  test("ends with the counts and findings of one in a single slice, whatever day each slice reaches", async () => {
    const tamper = tamperWith(shared());
    for (const day of [first, third]) await tamper.put(archiveKeys.csv(account, day), "forged");

    const whole = await inSlices(0);
    const cut = await inSlices(hourMs);

    expect(whole.slices).toBe(1);
    expect(cut.slices).toBeGreaterThan(3);
    expect(cut.cursor).toEqual(whole.cursor);
    expect(cut.cursor).toMatchObject({ findingCount: 2, finished: [{ aggregate: "calls", days: 4, objects: 15 }] });
  });
});
