import { expect, test } from "vitest";
import type { RecordingsPlan } from "./account-plan.ts";
import { type OpenLab, openLab, refusal } from "./open-lab.ts";
import type { PlannedCall, PlannedRecording } from "./planned-calls.ts";

const hour = 60 * 60 * 1000;
const wholeWeek = "view=Detailed&dateFrom=2026-10-29T00:00:00Z&perPage=1000";

/** Returns a call at the given hour of 2026-11-05 (UTC), with a recording "9<hour>". */
function callAt(hours: number, recording: Partial<PlannedRecording> = {}): PlannedCall {
  const id = String(hours).padStart(2, "0");
  return { id: `call ${id}`, startTime: `2026-11-05T${id}:00:00Z`, recording: { id: `9${id}`, ...recording } };
}

function openWith(recordings: Partial<RecordingsPlan>, ...plannedCalls: readonly PlannedCall[]): Promise<OpenLab> {
  return openLab({ account: { calls: { perDay: 0 }, plannedCalls, recordings } });
}

/** Returns the ids of recordings that can be fetched, by the truth. */
function ready(lab: OpenLab): readonly string[] {
  const { recordings } = lab.ringCentral.truth();
  return Object.keys(recordings).filter((id) => recordings[id]?.state === "ready");
}

async function referencedIds(lab: OpenLab): Promise<readonly (string | undefined)[]> {
  return (await lab.list(wholeWeek)).records.map(({ recording }) => recording?.id).reverse();
}

test("only so many automatic recordings are kept, the oldest go first, and the log no longer references them", async () => {
  await using lab = await openWith({ maxNumberLimit: 2 }, callAt(1), callAt(2), callAt(3), callAt(4));

  expect(await refusal(lab.get(lab.contentUri("901")))).toEqual([404, "CMN-102"]);
  expect(await refusal(lab.get(lab.contentUri("902")))).toEqual([404, "CMN-102"]);
  expect((await lab.get(lab.contentUri("903"))).status).toBe(200);
  expect(ready(lab)).toEqual(["903", "904"]);
  expect(lab.ringCentral.truth().recordings["902"]).toMatchObject({ state: "expired", named: false });
  expect(await referencedIds(lab)).toEqual([undefined, undefined, "903", "904"]);
});

test("the log still references evicted recordings if it references expired ones", async () => {
  await using lab = await openWith({ maxNumberLimit: 1, namedAfterExpiry: true }, callAt(1), callAt(2));

  expect(await referencedIds(lab)).toEqual(["901", "902"]);
  expect(lab.ringCentral.truth().recordings["901"]).toMatchObject({ state: "expired", named: true });
  expect(await refusal(lab.get(lab.contentUri("901")))).toEqual([404, "CMN-102"]);
});

test("recordings made on demand are neither counted nor evicted", async () => {
  const byHand = { type: "OnDemand" } as const;
  await using lab = await openWith({ maxNumberLimit: 1 }, callAt(1, byHand), callAt(2), callAt(3), callAt(4, byHand));

  expect(ready(lab)).toEqual(["901", "903", "904"]);
});

test("a recording is evicted when the newer one is attached, not before", async () => {
  const late = { attachedAt: "2026-11-06T05:00:00Z", readyAt: "2026-11-06T05:00:00Z" };
  await using lab = await openWith({ maxNumberLimit: 1 }, callAt(1), callAt(2, late));

  expect(ready(lab)).toEqual(["901"]);
  lab.ringCentral.clock.advance(hour);

  expect(ready(lab)).toEqual(["902"]);
});

test("a recording that is attached late is not newer for that", async () => {
  const late = { attachedAt: "2026-11-06T05:00:00Z", readyAt: "2026-11-06T05:00:00Z" };
  await using lab = await openWith({ maxNumberLimit: 1 }, callAt(1, late), callAt(2));

  lab.ringCentral.clock.advance(hour);

  expect(ready(lab)).toEqual(["902"]);
  expect(lab.ringCentral.truth().recordings["901"]).toMatchObject({ state: "expired" });
});

test("a recording that two calls reference is counted once, and is as old as the older of them", async () => {
  await using lab = await openWith({ maxNumberLimit: 2 }, callAt(1), callAt(2), callAt(3, { id: "901" }));

  expect(ready(lab)).toEqual(["901", "902"]);
});

test("if none are kept, none can be fetched", async () => {
  await using lab = await openWith({ maxNumberLimit: 0 }, callAt(1), callAt(2));

  expect(ready(lab)).toEqual([]);
});

test("over many days exactly the newest are kept, and the listing says the same", async () => {
  const calls = { onDemandShare: 0, transferShare: 0.2, lateRecordingShare: 0.1 };
  await using lab = await openLab({ account: { recordings: { maxNumberLimit: 100 }, calls } });

  const kept = ready(lab);
  const listed = (await lab.list(wholeWeek)).records.flatMap(({ recording, legs = [] }) =>
    [recording, ...legs.map((leg) => leg.recording)].flatMap((each) => each?.id ?? []),
  );

  const attached = Object.keys(lab.ringCentral.truth().recordings);
  expect(attached.length).toBeGreaterThan(300);
  expect(kept).toEqual(attached.sort().slice(-100));
  expect([...new Set(listed)].sort()).toEqual(kept);
});
