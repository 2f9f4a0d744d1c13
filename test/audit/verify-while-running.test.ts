import { describe, expect, test } from "vitest";
import { openDayEvidence } from "../../shared/audit/day-evidence.ts";
import { toBody } from "../../shared/aws/bucket.ts";
import { maxRunDays } from "../../shared/contract.ts";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { type ArchiveLab, account, archiveDay } from "../support/audit/archive-lab.ts";
import { first, fourth, listed, sampleArchive } from "../support/audit/sample-archive.ts";
import { tamperWith } from "../support/audit/tamper.ts";
import { verifySample } from "../support/audit/verify-sample.ts";

const { shared, open } = sampleArchive();
const manifest = (day: string) => aggregateKeys.calls.manifest(account, day);
const dayMs = 24 * 3_600_000;

/** Options of someone who can read the state bucket, so many days later. */
function withState(lab: ArchiveLab, daysLater = 0) {
  const { state, now } = lab.services("verification");
  return {
    evidence: (day: string) => openDayEvidence(state, "calls", account, day),
    now: () => new Date(now().getTime() + daysLater * dayMs),
  };
}

/** A run that has listed the fourth day anew, with another recording, and has not committed it. */
async function beginDay(lab: ArchiveLab) {
  const { records } = listed.fourth;
  const audio = [{ id: "41", extension: "mp3" as const, bytes: Buffer.from("audio of 41") }];
  await archiveDay(lab.services("a run at work"), {
    day: fourth,
    records: [...records, { ...records[0], id: "c42" }],
    audio,
  });
}

describe("what a running run has written and not noted in a manifest", () => {
  test("is a finding for someone who cannot read the state bucket, and counted for someone who can", async () => {
    const lab = await open();
    await beginDay(lab);

    const without = await verifySample(lab);
    const { findingLines, verification } = await verifySample(lab, withState(lab));

    expect(without.findingLines).toContain(`object-changed ${archiveKeys.calls(account, fourth)}`);
    expect(findingLines).toEqual([]);
    expect(verification.notYetInManifest).toBeGreaterThan(0);
  });

  test("explains no change of another day", async () => {
    const lab = await open();
    await beginDay(lab);
    await tamperWith(lab).put(archiveKeys.csv(account, first), "forged");

    const { findingLines } = await verifySample(lab, withState(lab));

    expect(findingLines).toEqual([`object-changed ${archiveKeys.csv(account, first)}`]);
  });
});

describe("the objects of a day without a manifest", () => {
  const fifth = "2026-11-05";
  const audio = [{ id: "51", extension: "mp3" as const, bytes: Buffer.from("audio of 51") }];

  test("are a run's if one has begun the day", async () => {
    const lab = await open();
    await archiveDay(lab.services("a run at work"), { day: fifth, records: listed.fourth.records, audio });

    const { findingLines, verification } = await verifySample(lab, withState(lab));

    expect(findingLines).toEqual([]);
    expect(verification.notYetInManifest).toBeGreaterThan(0);
  });

  test("are findings if none has", async () => {
    const lab = await open();
    const key = archiveKeys.recording(account, fifth, "51", "mp3");
    await tamperWith(lab).put(key, "audio");

    expect((await verifySample(lab, withState(lab))).findingLines).toEqual([`object-unexpected ${key}`]);
  });
});

describe("an event in the state bucket explains", () => {
  /** Writes an event of a day that names these bytes. */
  const forgeEvent = async (lab: ArchiveLab, day: string, key: string, body: string) => {
    const { dayStore } = lab.services("a forger");
    const { sha256, bytes } = toBody(body);
    const object = { key, bytes, sha256, etag: "e", contentType: "audio/mpeg" };
    await dayStore(account).append(day, "forged", [{ type: "stored", id: "11", object }]);
  };

  test("no change of a closed day, which a run would have opened first", async () => {
    const lab = await open();
    await tamperWith(lab).put(archiveKeys.calls(account, first), "forged");
    await forgeEvent(lab, first, archiveKeys.calls(account, first), "forged");

    const { findingLines } = await verifySample(lab, withState(lab));

    expect(findingLines).toEqual([`object-changed ${archiveKeys.calls(account, first)}`]);
  });

  test("no change of a recording, which a run writes once, although its day is open", async () => {
    const lab = await open();
    const [day, bytes] = ["2026-11-05", Buffer.from("audio of 41")];
    await lab.night([{ day, records: listed.fourth.records, audio: [{ id: "41", extension: "mp3", bytes }] }]);
    const recording = archiveKeys.recording(account, day, "41", "mp3");
    await tamperWith(lab).put(recording, "forged");
    await forgeEvent(lab, day, recording, "forged");

    const { findingLines, verification } = await verifySample(lab, withState(lab));

    expect(findingLines).toEqual([`object-changed ${recording}`]);
    expect(verification.days - verification.closed).toBe(2);
  });

  test("no other bytes than those that it names", async () => {
    const lab = await open();
    await beginDay(lab);
    await tamperWith(lab).put(archiveKeys.calls(account, fourth), "forged");

    const { findingLines } = await verifySample(lab, withState(lab));

    expect(findingLines).toEqual([`object-changed ${archiveKeys.calls(account, fourth)}`]);
  });
});

describe("a manifest that no ledger entry names", () => {
  const revise = (lab: ArchiveLab) => tamperWith(lab).reviseManifest(first, (same) => same);
  const writeIntent = async (lab: ArchiveLab, sha256: string, revision: number) => {
    const key = aggregateKeys.calls.intent(account, first, revision, sha256);
    await lab.services("a run").state.put(key, toBody("{}"), "application/json");
  };

  test("is a finding if no run was about to write it", async () => {
    const lab = shared();
    await revise(lab);

    const { findingLines } = await verifySample(lab, withState(lab));

    expect(findingLines).toEqual([`manifest-not-in-ledger ${manifest(first)}`]);
  });

  test("is none while the run that wrote it may still be running, and one afterwards", async () => {
    const lab = await open();
    const { sha256, revision } = await revise(lab);
    await writeIntent(lab, sha256, revision);

    const during = await verifySample(lab, withState(lab));
    const after = await verifySample(lab, withState(lab, maxRunDays));

    expect(during.findingLines).toEqual([]);
    expect(after.findingLines).toEqual([`manifest-not-in-ledger ${manifest(first)}`]);
  });
});

test("a day whose manifest changes while it is verified is verified again", async () => {
  const lab = await open();
  const { archive } = lab;
  let heads = 0;
  // Between the first look at an object and the second look at its manifest a run writes both.
  const head: typeof archive.head = async (key) => {
    if (key === manifest(fourth) && heads++ === 0) await lab.night([{ ...listed.fourth, audio: [] }]);
    return archive.head(key);
  };
  await beginDay(lab);

  const { findingLines } = await verifySample({ ...lab, archive: { ...archive, head } }, withState(lab));

  expect(heads).toBeGreaterThan(0);
  expect(findingLines).toEqual([]);
});
