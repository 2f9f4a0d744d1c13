import { describe, expect, test } from "vitest";
import { createRunEvidence } from "../../shared/audit/run-evidence.ts";
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

function evidenceOf(lab: ArchiveLab, daysLater = 0) {
  const { state, now } = lab.services("verification");
  return createRunEvidence({
    state,
    account,
    aggregate: "calls",
    now: () => new Date(now().getTime() + daysLater * dayMs),
  });
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
    const { findingLines, verification } = await verifySample(lab, { evidence: evidenceOf(lab) });

    expect(without.findingLines).toContain(`object-changed ${archiveKeys.calls(account, fourth)}`);
    expect(findingLines).toEqual([]);
    expect(verification.notYetInManifest).toBeGreaterThan(0);
  });

  test("explains no change of another day", async () => {
    const lab = await open();
    await beginDay(lab);
    await tamperWith(lab).put(archiveKeys.csv(account, first), "forged");

    const { findingLines } = await verifySample(lab, { evidence: evidenceOf(lab) });

    expect(findingLines).toEqual([`object-changed ${archiveKeys.csv(account, first)}`]);
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

    const { findingLines } = await verifySample(lab, { evidence: evidenceOf(lab) });

    expect(findingLines).toEqual([`manifest-not-in-ledger ${manifest(first)}`]);
  });

  test("is none while the run that wrote it may still be running, and one afterwards", async () => {
    const lab = await open();
    const { sha256, revision } = await revise(lab);
    await writeIntent(lab, sha256, revision);

    const during = await verifySample(lab, { evidence: evidenceOf(lab) });
    const after = await verifySample(lab, { evidence: evidenceOf(lab, maxRunDays) });

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

  const evidence = evidenceOf(lab);
  const { findingLines } = await verifySample({ ...lab, archive: { ...archive, head } }, { evidence });

  expect(heads).toBeGreaterThan(0);
  expect(findingLines).toEqual([]);
});
