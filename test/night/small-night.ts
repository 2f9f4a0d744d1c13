import { expect } from "vitest";
import { type ArchiveContents, differencesFromTruth, withoutHistory } from "../../lab/demo/archive-contents.ts";
import type { LabVerification } from "../../lab/demo/verify-in-lab.ts";
import type { RingCentralLab } from "../../lab/ringcentral/server.ts";

export const smallDay = "2026-11-03";
/** One day of three calls on two pages, one of them recorded. */
export const smallAccount = {
  firstDay: smallDay,
  calls: { perDay: 2, recordedShare: 0 },
  plannedCalls: [{ id: "recorded", startTime: `${smallDay}T15:00:00.000Z`, recording: { id: "1", bytes: 2_000 } }],
  callLog: { maxPerPage: 2 },
};
const windowLimit = 10;

/** A world after its night. */
export interface SmallNight {
  readonly ringCentral: RingCentralLab;
  readonly contents: () => Promise<ArchiveContents>;
  readonly verify: () => Promise<LabVerification>;
}

/** Requests and archive of an undisturbed night. */
export interface Undisturbed {
  readonly archive: unknown;
  readonly heavy: number;
}

export async function undisturbedOf({ ringCentral, contents }: SmallNight): Promise<Undisturbed> {
  return { archive: withoutHistory(await contents()), heavy: ringCentral.counters().byGroup.heavy };
}

/** Expects the same archive, without findings, for a few more requests. */
export async function expectAsUndisturbed(night: SmallNight, undisturbed: Undisturbed): Promise<void> {
  const archive = await night.contents();
  expect(differencesFromTruth(night, archive, [smallDay])).toEqual([]);
  expect(withoutHistory(archive)).toEqual(undisturbed.archive);
  expect((await night.verify()).findings).toEqual([]);
  const { byGroup, tokenExchanges, downloads } = night.ringCentral.counters();
  expect(byGroup.heavy).toBeLessThanOrEqual(undisturbed.heavy + windowLimit);
  expect(tokenExchanges.length).toBeLessThanOrEqual(2);
  expect(downloads["1"]).toBeLessThanOrEqual(2);
}
