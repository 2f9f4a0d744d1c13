import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CallDayEvent, CallManifest } from "../../../shared/core/calls/call-manifest.ts";
import { reduceCallManifest } from "../../../shared/core/calls/reduce-call-manifest.ts";
import {
  attempted,
  empty,
  horizonAt,
  listed,
  notListed,
  reduce,
  rules,
  stored,
} from "../../support/core/day-events.ts";

const then = (manifest: CallManifest, ...events: readonly CallDayEvent[]) =>
  reduceCallManifest(manifest, events, rules);

const ids = fc.constantFrom("r1", "r2", "r3", "r4");
const hours = fc.integer({ min: 1, max: 600 });
/** A run lists a day once, at an instant of its own; an address does not change. */
const listings = fc.uniqueArray(
  fc
    .record({
      at: fc.integer({ min: 1, max: 60 }),
      named: fc.uniqueArray(ids),
      fingerprint: fc.constantFrom("same", "other"),
      missingIds: fc.subarray(["a", "b", "c"]),
      accepted: fc.boolean(),
    })
    .map(({ at, named, fingerprint, missingIds, accepted }) => {
      return listed(at, named, { fingerprint, missing: missingIds.length, missingIds, ...(accepted && { accepted }) });
    }),
  // So many are kept; of more the oldest are forgotten, and that depends on which had come by then.
  { maxLength: 8, selector: (event) => event.type === "listed" && event.listing.at },
);
/** A recording is attempted once at an instant, and stored as one object. */
const attempts = fc.uniqueArray(
  fc
    .record({ id: ids, at: hours, others: fc.boolean(), why: fc.constantFrom("not-found", "refused", "unavailable") })
    .map(({ id, at, why, others }) => attempted(id, at, why, others)),
  { maxLength: 30, selector: (event) => event.type === "attempt-failed" && `${event.id} ${event.attempt.at}` },
);
const others = fc.array(
  fc.oneof(
    ids.map((id) => stored(id)),
    hours.map(notListed),
    hours.map(horizonAt),
  ),
  {
    maxLength: 8,
  },
);
const happened = fc.tuple(listings, attempts, others).map((all): CallDayEvent[] => all.flat());

/** The same events, some twice, in another order, in one delivery per list. */
const disordered = (all: readonly CallDayEvent[]) =>
  fc
    .tuple(
      fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }),
      fc.array(fc.nat(all.length * 2), { maxLength: 6 }),
    )
    .map(([events, cuts]) => {
      const bounds = [0, ...cuts.sort((a, b) => a - b), events.length];
      return bounds.slice(1).map((end, n) => events.slice(bounds[n], end));
    });
const delivered = happened.chain((all) => fc.tuple(fc.constant(all), disordered(all)));
const stateAfter = (deliveries: readonly (readonly CallDayEvent[])[], from: CallManifest = empty) =>
  deliveries.reduce((manifest, events) => then(manifest, ...events), from);

describe("for any events,", () => {
  test("any order of them, once or twice, in one delivery, gives the same manifest", () => {
    fc.assert(
      fc.property(delivered, ([all, deliveries]) => {
        expect(reduce(...deliveries.flat())).toEqual(reduce(...all));
      }),
    );
  });

  test("any number of deliveries gives the same manifest if the listings come first", () => {
    fc.assert(
      fc.property(delivered, ([all, deliveries]) => {
        const listing = deliveries.map((events) => events.filter(({ type }) => type === "listed"));
        const rest = deliveries.map((events) => events.filter(({ type }) => type !== "listed"));

        expect(stateAfter([...listing, ...rest])).toEqual(reduce(...all));
      }),
      { numRuns: 300 },
    );
  });

  test("after lost, late or early events, delivering all events again gives the same manifest", () => {
    fc.assert(
      fc.property(delivered, fc.infiniteStream(fc.boolean()), ([all, deliveries], lost) => {
        const some = deliveries.map((events) => events.filter(() => !lost.next().value));

        expect(then(stateAfter(some), ...all)).toEqual(reduce(...all));
      }),
      { numRuns: 300 },
    );
  });

  test("a second reduction of a stored manifest gives the same bytes, so that nothing is written", () => {
    fc.assert(
      fc.property(delivered, ([all, deliveries]) => {
        const text = JSON.stringify(reduce(...all));
        const read = CallManifest.parse(JSON.parse(text));

        expect(JSON.stringify(stateAfter(deliveries, read))).toBe(JSON.stringify(read));
      }),
    );
  });

  test("the totals add up: every recording has one state, and the bytes are those of stored recordings", () => {
    fc.assert(
      fc.property(delivered, ([, deliveries]) => {
        const { totals, recordings, vanished, status, openReasons } = stateAfter(deliveries);
        const { stored, pending, notFound, refused, alreadyDeleted, lost } = totals;

        expect(stored + pending + notFound + refused + alreadyDeleted + lost).toBe(totals.recordings);
        expect([totals.recordings, totals.vanished]).toEqual([recordings.length, vanished.length]);
        expect(totals.bytes).toBe(stored * 1_000);
        expect(stored).toBe(recordings.filter(({ object }) => object).length);
        expect(pending > 0).toBe(openReasons.includes("recordings-pending"));
        expect(status).toBe(openReasons.length === 0 ? "closed" : "open");
      }),
    );
  });

  test("a stored recording stays stored unchanged, and a referenced one stays referenced", () => {
    fc.assert(
      fc.property(happened, happened, (first, later) => {
        const before = reduce(...first);
        const after = new Map(then(before, ...later).recordings.map((entry) => [entry.id, entry]));

        for (const { id, state, object } of before.recordings) {
          expect(after.has(id)).toBe(true);
          if (state === "stored") expect(after.get(id)).toMatchObject({ state, object });
        }
      }),
    );
  });

  test("the manifest has exactly the recordings that a listing referenced", () => {
    fc.assert(
      fc.property(delivered, ([all, deliveries]) => {
        const named = all.flatMap((event) => (event.type === "listed" ? event.recordings.map(({ id }) => id) : []));

        expect(stateAfter(deliveries).recordings.map(({ id }) => id)).toEqual([...new Set(named)].sort());
      }),
    );
  });
});
