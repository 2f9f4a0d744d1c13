import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ArchivePrefix } from "../../shared/contract.ts";
import { aggregateKeys, archiveKeys, dayInKey, stateKeys } from "../../shared/core/object-keys.ts";

const day = "2026-11-01";
/** Ids as an attacker would choose them. */
const ids = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string(),
  fc.constantFrom("..", ".", "../..", "/", "a/../b", "%2E%2E", "%2e", "date=2026-01-01", "", " ", "\u0000", "\\..\\"),
);

const keysOfId: readonly [string, string, (id: string) => string][] = [
  ["a recording", ArchivePrefix.recordings, (id) => archiveKeys.recording("7", day, id, "mp3")],
  ["an account's calls", ArchivePrefix.calls, (id) => archiveKeys.calls(id, day)],
  ["an account's manifest", ArchivePrefix.manifests, (id) => aggregateKeys.calls.manifest(id, day)],
  ["an account's index", "index/", (id) => aggregateKeys.calls.dayIndex(id)],
  ["an entry of the ledger", ArchivePrefix.ledger, (id) => aggregateKeys.calls.ledgerEntry(id, 1)],
  ["a listing's page", "listings/", (id) => stateKeys.listingPart("7", day, id, 1)],
  ["a run's plan", "plans/", (id) => stateKeys.plan(id, day)],
  ["a run's queries", "analytics/queries/", (id) => stateKeys.plannedQueries("7", id)],
  ["a stored run", "analytics/queries/", (id) => stateKeys.storedRun("7", id)],
  ["an outcome", "events/", (id) => aggregateKeys.calls.eventFile("7", day, "run", id)],
];

describe.each(keysOfId)("the key of %s", (_what, prefix, keyOf) => {
  test("stays in its folder, for any id", () => {
    const depth = keyOf("id").split("/").length;
    fc.assert(
      fc.property(ids, (id) => {
        const key = keyOf(id);

        expect(key.startsWith(prefix)).toBe(true);
        expect(key).not.toContain("..");
        expect(key.split("/")).toHaveLength(depth);
        expect(key).toMatch(/^[\w=./!'()*~%-]+$/);
      }),
    );
  });

  test("differs for another id", () => {
    fc.assert(
      fc.property(ids, ids, (one, other) => {
        expect(keyOf(one) === keyOf(other)).toBe(one === other);
      }),
    );
  });

  test("contains its own day, and no other day from the id", () => {
    fc.assert(
      fc.property(ids, (id) => {
        const key = keyOf(id);

        expect(dayInKey(key)).toBe(key.includes(`date=${day}`) ? day : undefined);
      }),
    );
  });
});

test("an account whose id begins like another's is not found under that one's prefix", () => {
  expect(aggregateKeys.calls.manifest("71", day).startsWith(aggregateKeys.calls.manifestsPrefix("7"))).toBe(false);
  expect(aggregateKeys.calls.ledgerEntry("71", 1).startsWith(aggregateKeys.calls.ledgerPrefix("7"))).toBe(false);
  expect(
    aggregateKeys.calls.eventFile("71", day, "run", "name").startsWith(aggregateKeys.calls.eventsPrefix("7")),
  ).toBe(false);
});

test("listing parts sort by number", () => {
  const keys = [1, 2, 10, 100, 999].map((page) => stateKeys.listingPart("7", day, "run", page));

  expect([...keys].sort()).toEqual(keys);
});

test("ledger entries sort by number, under the ledger's prefix", () => {
  const keys = [1, 2, 10, 999, 12_345_678].map((number) => aggregateKeys.calls.ledgerEntry("7", number));

  expect([...keys].sort()).toEqual(keys);
  expect(keys.every((key) => key.startsWith(aggregateKeys.calls.ledgerPrefix("7")))).toBe(true);
});
