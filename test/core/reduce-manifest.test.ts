import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Listing, Manifest, ManifestEvent, Try } from "../../shared/core/manifest.ts";
import { emptyManifest, isSettled, nextTryAt, reduceManifest } from "../../shared/core/reduce-manifest.ts";

const hourMs = 3_600_000;
const rules = { listingGapMs: 6 * hourMs, settleAfterMs: 24 * hourMs };
const span = { from: new Date("2026-11-01T04:00:00Z"), to: new Date("2026-11-02T05:00:00Z") };
const empty = emptyManifest("7", "2026-11-01", "America/New_York", span);
/** An instant, in hours after the day's end. */
const hour = (hours: number) => new Date(span.to.getTime() + hours * hourMs).toISOString();

const listing = (hours: number, fingerprint = "same"): Listing => ({
  run: `run ${hours}`,
  at: hour(hours),
  records: 3,
  recordings: 1,
  fingerprint,
});
const listed = (hours: number, ids: readonly string[], fingerprint?: string): ManifestEvent => ({
  is: "listed",
  listing: listing(hours, fingerprint),
  calls: { key: "calls.jsonl.gz", bytes: 100 + hours, sha256: `calls at ${hours}` },
  counts: { records: 10 + hours, deleted: hours % 3, tooShort: hours % 2 },
  named: ids.map((id) => ({ id, contentUri: `https://media.example.com/${id}`, record: `call of ${id}` })),
});
const stored = (id: string): ManifestEvent => ({
  is: "stored",
  id,
  object: { key: `recordings/${id}.mp3`, bytes: 1_000, sha256: `sha of ${id}`, contentType: "audio/mpeg" },
});
const tried = (id: string, hours: number, why: Try["why"] = "not-found"): ManifestEvent => ({
  is: "tried",
  id,
  try: { at: hour(hours), why },
});
const refused = (id: string, hours = 1): ManifestEvent => tried(id, hours, "refused");
const reduce = (...events: readonly ManifestEvent[]) => reduceManifest(empty, events, rules);
const stateOf = (manifest: Manifest, id: string) => manifest.recordings.find((entry) => entry.id === id)?.state;

describe("a listing is not settled", () => {
  test.each([
    ["before there is one", []],
    ["after one alone", [listing(30)]],
    ["when the last two differ", [listing(24), listing(31, "other")]],
    ["when only the first and the last agree", [listing(24), listing(31, "other"), listing(38)]],
    ["when the two that agree are less than the gap apart", [listing(25), listing(30.9)]],
    ["when the later is too early after the day's end", [listing(10), listing(23.9)]],
  ])("%s", (_when, listings) => {
    expect(isSettled({ listings, to: empty.to }, rules)).toBe(false);
  });
});

test("a listing that agreed before is still settled when it is made once more, soon after", () => {
  expect(isSettled({ listings: [listing(18), listing(24), listing(24.5)], to: empty.to }, rules)).toBe(true);
});

test("a listing is settled when the last two agree, the gap apart, the later long enough after the day's end", () => {
  expect(isSettled({ listings: [listing(0, "other"), listing(18), listing(24)], to: empty.to }, rules)).toBe(true);
});

describe("a recording", () => {
  test("stays stored, whatever is said of it later", () => {
    const manifest = reduce(listed(1, ["r"]), stored("r"), refused("r"), tried("r", 400), tried("r", 1));

    expect(stateOf(manifest, "r")).toBe("stored");
    expect(manifest.recordings[0]).not.toHaveProperty("contentUri");
  });

  test("that is told of as stored again, otherwise, stays what it was stored as", () => {
    const other: ManifestEvent = {
      is: "stored",
      id: "r",
      object: { key: "other.wav", bytes: 2, sha256: "other", contentType: "audio/wav" },
    };

    const manifest = reduceManifest(reduce(listed(1, ["r"]), stored("r")), [other], rules);

    expect(manifest.recordings[0]?.object?.key).toBe("recordings/r.mp3");
  });

  test("is pending until something decides it", () => {
    expect(stateOf(reduce(listed(1, ["r"])), "r")).toBe("pending");
  });

  test("is refused for good once nothing but refusals came for 14 days", () => {
    const days = (count: number) => count * 24;

    expect(stateOf(reduce(listed(1, ["r"]), refused("r", 2)), "r")).toBe("pending");
    expect(stateOf(reduce(listed(1, ["r"]), refused("r", 2), refused("r", 2 + days(14))), "r")).toBe("refused");
    expect(stateOf(reduce(listed(1, ["r"]), tried("r", 2), refused("r", 2 + days(14))), "r")).toBe("pending");
  });

  test("becomes absent although a fault came first: the last 14 days of not-found count", () => {
    const days = (count: number) => count * 24;
    const events = [tried("r", 1, "fault"), tried("r", 2), tried("r", 2 + days(14))];

    expect(stateOf(reduce(listed(1, ["r"]), ...events), "r")).toBe("absent");
  });

  test("takes its address from the newest listing that tells one", () => {
    const moved: ManifestEvent = {
      ...listed(30, ["r"]),
      named: [{ id: "r", contentUri: "https://media.example.com/new", record: "call of r" }],
    } as ManifestEvent;

    expect(reduce(listed(1, ["r"]), moved).recordings[0]?.contentUri).toBe("https://media.example.com/new");
    expect(reduceManifest(reduce(moved), [listed(1, ["r"])], rules).recordings[0]?.contentUri).toBe(
      "https://media.example.com/new",
    );
  });

  test("is due at once, then one, two, four and eight nights after each try, some hours early", () => {
    const tries = [0, 20, 70, 170, 400, 700].map((hours): Try => ({ at: hour(hours), why: "fault" }));

    const due = [0, 1, 2, 3, 4, 5, 6].map((count) => nextTryAt({ tries: tries.slice(0, count) }).toISOString());

    const nights = (after: number, count: number) => hour(after + 24 * count - 6);
    expect(due.slice(0, 3)).toEqual([new Date(0).toISOString(), nights(0, 1), nights(20, 2)]);
    expect(due.slice(3)).toEqual([nights(70, 4), nights(170, 8), nights(400, 8), nights(700, 8)]);
  });

  test("that was never named is not invented", () => {
    expect(reduce(stored("r")).recordings).toEqual([]);
  });

  test("that no listing names any more is kept", () => {
    expect(stateOf(reduce(listed(1, ["r"]), listed(30, [])), "r")).toBe("pending");
  });
});

describe("a day", () => {
  const settled = [listed(24, ["r"]), listed(30, ["r"])];

  test("is closed when its listing is settled and nothing is pending", () => {
    expect(reduce(...settled, stored("r"))).toMatchObject({ status: "closed", open: [] });
  });

  test.each([
    ["its listing is not settled", [listed(24, ["r"]), stored("r")], ["listing-not-settled"]],
    ["a recording is pending", settled, ["recordings-pending"]],
    ["both", [listed(24, ["r"])], ["listing-not-settled", "recordings-pending"]],
  ])("is open because %s", (_why, events, open) => {
    expect(reduce(...events)).toMatchObject({ status: "open", open });
  });

  test("keeps its last five listings", () => {
    const manifest = reduce(...[1, 2, 3, 4, 5, 6, 7].map((hours) => listed(hours, [])));

    expect(manifest.listings.map(({ run }) => run)).toEqual(["run 3", "run 4", "run 5", "run 6", "run 7"]);
  });

  test("counts as its newest listing did, though an older one is told of later", () => {
    const manifest = reduceManifest(reduce(listed(30, [])), [listed(2, [])], rules);

    expect(manifest.totals.records).toBe(40);
    expect(manifest.calls?.sha256).toBe("calls at 30");
  });
});

const ids = fc.constantFrom("r1", "r2", "r3", "r4");
const events = fc.array(
  fc.oneof(
    fc.tuple(fc.integer({ min: 1, max: 40 }), fc.uniqueArray(ids)).map(([hours, named]) => listed(hours, named.sort())),
    ids.map(stored),
    ids.map((id) => refused(id)),
    fc.tuple(ids, fc.integer({ min: 1, max: 500 })).map(([id, hours]) => tried(id, hours)),
  ),
  { maxLength: 30 },
);
/** The same listing run names the same recordings, however often it is told of. */
const consistent = events.map((all) => {
  const byRun = new Map(all.flatMap((event) => (event.is === "listed" ? [[event.listing.run, event] as const] : [])));
  return [...all.filter((event) => event.is !== "listed"), ...byRun.values()];
});

describe("whatever happened", () => {
  test("events in any order, once or twice, add up to the same manifest", () => {
    const disordered = consistent.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
    );
    fc.assert(
      fc.property(disordered, ([all, others]) => {
        expect(reduce(...others)).toEqual(reduce(...all));
      }),
    );
  });

  test("events that come again to a manifest that has taken them in change nothing", () => {
    const repeated = consistent.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all)));
    fc.assert(
      fc.property(repeated, ([all, again]) => {
        const manifest = reduce(...all);

        expect(reduceManifest(manifest, again, rules)).toEqual(manifest);
      }),
    );
  });

  test("the totals add up: every recording is in one state, and the bytes are those of what is stored", () => {
    fc.assert(
      fc.property(events, (all) => {
        const { totals, recordings, status, open } = reduce(...all);

        expect(totals.stored + totals.pending + totals.absent + totals.refused).toBe(totals.recordings);
        expect(totals.recordings).toBe(recordings.length);
        expect(totals.bytes).toBe(totals.stored * 1_000);
        expect(status).toBe(open.length === 0 ? "closed" : "open");
      }),
    );
  });

  test("what is stored stays stored and what is named stays named", () => {
    fc.assert(
      fc.property(events, events, (first, then) => {
        const before = reduce(...first);
        const after = reduceManifest(before, then, rules);

        for (const { id, state } of before.recordings) {
          expect(stateOf(after, id)).toBeDefined();
          if (state === "stored") expect(stateOf(after, id)).toBe("stored");
        }
      }),
    );
  });
});
