import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createIdDigests, digestOf } from "../../shared/storage/id-digests.ts";

function digestsOf(ids: readonly string[]) {
  const digests = createIdDigests();
  for (const id of ids) digests.add(id);
  return digests;
}

const ids = fc.array(fc.oneof(fc.constantFrom("a", "b", "record a", "recording a", ""), fc.string()), {
  maxLength: 30,
});

describe("ids of a listing", () => {
  test("have the same fingerprint in any order and number, and other ids have another", () => {
    fc.assert(
      fc.property(ids, ids, (one, other) => {
        const isSame = one.every((id) => other.includes(id)) && other.every((id) => one.includes(id));

        expect(digestsOf(one).fingerprint() === digestsOf(other).fingerprint()).toBe(isSame);
        expect(digestsOf([...one, ...one].reverse()).fingerprint()).toBe(digestsOf(one).fingerprint());
      }),
    );
  });

  test("are repeated only if they were added more than once", () => {
    fc.assert(
      fc.property(ids, (all) => {
        const repeated = all.filter((id, n) => all.indexOf(id) !== n);

        expect(digestsOf(all).repeated()).toEqual(new Set(repeated.map(digestOf)));
      }),
    );
  });

  test("are all counted even if they exceed the initial size", () => {
    const many = Array.from({ length: 5_000 }, (_, n) => `id ${n}`);

    expect(digestsOf(many).repeated().size).toBe(0);
    expect(digestsOf([...many, "id 0", "id 4999"]).repeated()).toEqual(new Set(["id 0", "id 4999"].map(digestOf)));
    for (const missing of [0, 1_023, 1_024, 2_047, 4_999]) {
      expect(digestsOf(many.toSpliced(missing, 1)).fingerprint()).not.toBe(digestsOf(many).fingerprint());
    }
  });
});

test("a fingerprint can be computed while ids are added", () => {
  const digests = digestsOf(["b", "a"]);

  const before = digests.fingerprint();
  digests.add("c");

  expect([before, digests.fingerprint()]).toEqual([
    digestsOf(["a", "b"]).fingerprint(),
    digestsOf(["a", "b", "c"]).fingerprint(),
  ]);
});
