import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ArchivePrefix, StatePrefix } from "../../shared/contract.ts";
import { aggregateKeys, archiveKeys, stateKeys } from "../../shared/core/object-keys.ts";

const day = "2026-11-01";
/** S3 user guide: object keys. */
const maxKeyBytes = 1_024;
/** Of most file systems: an archive may be copied to one. */
const maxNameLength = 255;

/** Texts that are no id of RingCentral: invalid Unicode, endless, or with path segments. */
const ids = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map((codes) => String.fromCharCode(...codes)),
  fc
    .tuple(fc.constantFrom("a", "é", "☎", "𝄞", "/", ".", "%", " ", "\ud800", "../"), fc.nat({ max: 3_000 }))
    .map(([text, times]) => text.repeat(times)),
  fc.constantFrom("", ".", "..", "/", "\ufffd", "\ud800", "\udc00", "__proto__", "sha256=", "date=2026-01-01/"),
);

/** Ids that an attacker might choose who knows `id` and wants its key. */
const rivalsOf = (id: string) =>
  fc.oneof(
    fc.constantFrom(id.toWellFormed(), id.normalize("NFC"), id.normalize("NFD"), id.toUpperCase(), `${id}.mp3`),
    fc.constantFrom(...partsIn(archiveKeys.recording("7", day, id, "mp3")), id.slice(0, 200), `${id} `, `/${id}`),
    ids,
  );

function partsIn(key: string): string[] {
  const name =
    key
      .split("/")
      .at(-1)
      ?.replace(/\.mp3$/, "") ?? "";
  return [name, decodeURIComponent(name)];
}

/** Returns every kind of key, with `id` in each place for an id from outside. */
const keyMakers: readonly (readonly [string, (id: string) => string])[] = [
  [ArchivePrefix.calls, (id) => archiveKeys.calls(id, day)],
  [ArchivePrefix.calls, (id) => archiveKeys.csv(id, day)],
  [ArchivePrefix.recordings, (id) => archiveKeys.recording(id, day, id, "mp3")],
  [ArchivePrefix.recordings, (id) => archiveKeys.recording("7", day, id, "wav")],
  [ArchivePrefix.manifests, (id) => aggregateKeys.calls.manifest(id, day)],
  ["index/", (id) => aggregateKeys.calls.dayIndex(id)],
  [ArchivePrefix.ledger, (id) => aggregateKeys.calls.ledgerEntry(id, 1)],
  [StatePrefix.tokens, (id) => stateKeys.token(id)],
  [StatePrefix.owners, (id) => stateKeys.owner(id)],
  ["listings/", (id) => stateKeys.listingPart(id, day, id, 1)],
  ["plans/", (id) => stateKeys.plan(id, day)],
  ["events/", (id) => aggregateKeys.calls.eventFile(id, day, id, id)],
  ["events/", (id) => aggregateKeys.calls.eventFile("7", day, "run", `fetched-0000064-${id}`)],
];

describe.each(keyMakers.map(([prefix, keyOf]) => ({ example: keyOf("id"), prefix, keyOf })))(
  "for any id, a key like $example",
  ({ prefix, keyOf }) => {
    test("lies in its folder, under names that every file system accepts", () => {
      const depth = keyOf("id").split("/").length;
      fc.assert(
        fc.property(ids, (id) => {
          const key = keyOf(id);
          const names = key.split("/");

          expect(key.startsWith(prefix)).toBe(true);
          expect(names).toHaveLength(depth);
          expect(names.filter((name) => name === "" || name.includes("..") || name.length > maxNameLength)).toEqual([]);
          expect(Buffer.byteLength(key)).toBeLessThanOrEqual(maxKeyBytes);
          expect(key).toMatch(/^[\x21-\x7e]+$/);
        }),
      );
    });

    test("belongs to no other id, not even to one chosen to collide", () => {
      const pairs = ids.chain((id) => fc.tuple(fc.constant(id), rivalsOf(id)));
      fc.assert(
        fc.property(pairs, ([id, rival]) => {
          expect(keyOf(id) === keyOf(rival)).toBe(id === rival);
        }),
        { numRuns: 200 },
      );
    });
  },
);

test("an account's keys have its prefix, for any id", () => {
  fc.assert(
    fc.property(ids, ids, (account, id) => {
      const found: readonly (readonly [string, string])[] = [
        [archiveKeys.calls(account, day), archiveKeys.callsPrefix(account)],
        [archiveKeys.recording(account, day, id, "mp3"), archiveKeys.recordingsPrefix(account)],
        [aggregateKeys.calls.manifest(account, day), aggregateKeys.calls.manifestsPrefix(account)],
        [aggregateKeys.calls.ledgerEntry(account, 2), aggregateKeys.calls.ledgerPrefix(account)],
        [aggregateKeys.calls.eventFile(account, day, id, id), aggregateKeys.calls.dayEventsPrefix(account, day)],
        [aggregateKeys.calls.dayEventsPrefix(account, day), aggregateKeys.calls.eventsPrefix(account)],
      ];

      expect(found.filter(([key, prefix]) => !key.startsWith(prefix))).toEqual([]);
    }),
  );
});

test("an id in RingCentral's form stands in the key unchanged", () => {
  expect(archiveKeys.recording("37439510", day, "7274921300000", "mp3")).toBe(
    "recordings/account=37439510/date=2026-11-01/7274921300000.mp3",
  );
});
