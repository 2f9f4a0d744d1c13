import { expect, test } from "vitest";
import { type OpenLab, openLab } from "../open-lab.ts";
import { documentedMembers, documentedValues } from "./documented-schema.ts";

type Json = Readonly<Record<string, unknown>>;
interface UsedRecord extends Json {
  readonly from: Json;
  readonly to: Json;
  readonly legs: readonly Json[];
}

const shares = { faxShare: 0.15, changingShare: 0.05, deletedShare: 0.05 };

/** A week's calls. */
async function recordsOf(lab: OpenLab): Promise<readonly UsedRecord[]> {
  const { records } = await lab.list("dateFrom=2026-10-30T00:00:00Z&perPage=1000&showDeleted=true&view=Detailed");
  return records as readonly unknown[] as readonly UsedRecord[];
}

function valuesOf(things: readonly Json[], name: string): ReadonlySet<unknown> {
  return new Set(things.map((thing) => thing[name]));
}

const enumerations = ["action", "result", "reason", "internalType", "transport", "type", "direction", "delegationType"];

test.each([1, 2, 3])("a few hundred calls use every word that RingCentral documents, with seed %i", async (seed) => {
  await using lab = await openLab({ seed, account: { calls: { perDay: 70, ...shares } } });

  const records = await recordsOf(lab);

  expect(records.length).toBeLessThan(500);
  for (const name of enumerations) {
    const [words, used] = [documentedValues("CallLogRecord", name), valuesOf(records, name)];
    expect(words.length).toBeGreaterThan(1);
    expect(words.filter((word) => !used.has(word))).toEqual([]);
  }
  const legTypes = valuesOf(
    records.flatMap(({ legs }) => legs),
    "legType",
  );
  expect(documentedValues("CallLogRecordLegInfo", "legType").filter((type) => !legTypes.has(type))).toEqual([]);
  expect(legTypes).toContain("SipToSip");
});

test.each([
  ["CallLogRecord", (records: readonly UsedRecord[]) => records],
  ["CallLogFromParty", (records: readonly UsedRecord[]) => records.map(({ from }) => from)],
  ["CallLogToParty", (records: readonly UsedRecord[]) => records.map(({ to }) => to)],
] as const)("a few hundred calls have every member that RingCentral documents of %s", async (schema, select) => {
  await using lab = await openLab({ account: { calls: { perDay: 120, ...shares, shortShare: 0.05 } } });

  const had = new Set(select(await recordsOf(lab)).flatMap(Object.keys));

  const never = documentedMembers(schema).filter(({ name }) => !had.has(name));
  expect(never).toEqual([]);
});

test("some parties are unusual: an extension's number alone, no number, no caller's name, a number with brackets", async () => {
  await using lab = await openLab({ account: { calls: { perDay: 60 } } });

  const parties = (await recordsOf(lab)).flatMap(({ from, to }) => [from, to]);

  const numbers = parties.map(({ phoneNumber }) => phoneNumber);
  expect(numbers).toContain("anonymous");
  expect(numbers).toContain(undefined);
  expect(numbers).toContainEqual(expect.stringMatching(/^10\d$/));
  expect(numbers).toContainEqual(expect.stringMatching(/^\(\d{3}\)\d{3}-\d{4}$/));
});

test("some calls are made for no user, and some parties are the company itself", async () => {
  await using lab = await openLab({ account: { calls: { perDay: 60 } } });

  const records = await recordsOf(lab);

  expect(valuesOf(records, "extension")).toContain(undefined);
  const parties = records.flatMap(({ from, to }) => [from, to]);
  expect(valuesOf(parties, "extensionId")).toContain("62264420016");
});

test("a leg has no session id of its own, and the session of a ringing phone may differ from its call's", async () => {
  await using lab = await openLab({ account: { calls: { perDay: 120 } } });

  const records = await recordsOf(lab);

  expect(records.flatMap(({ legs }) => legs).filter((leg) => "sessionId" in leg)).toEqual([]);
  const rang = records.flatMap(({ direction, legs }) =>
    legs.filter((leg) => leg.legType === "PstnToSip" && leg.direction !== direction),
  );
  expect(rang).toContainEqual(expect.objectContaining({ direction: "Outbound", result: "IP Phone Offline" }));
});

test("the same seed gives every call the same words, and another seed gives others", async () => {
  await using lab = await openLab({ seed: 7 });
  await using same = await openLab({ seed: 7 });
  await using other = await openLab({ seed: 8 });
  const used = async (one: OpenLab) =>
    (await recordsOf(one)).map(({ action, result, legs }) => [action, result, legs.length]);

  const words = await used(lab);
  expect(await used(same)).toEqual(words);
  expect(await used(other)).not.toEqual(words);
});
