import { describe, expect, test } from "vitest";
import type { CallDayEvent, CallManifest } from "../../../shared/core/calls/call-manifest.ts";
import { reduceCallManifest } from "../../../shared/core/calls/reduce-call-manifest.ts";
import {
  attempted,
  days,
  horizonAt,
  listed,
  notListed,
  reduce,
  rules,
  stateOf,
  stored,
} from "../../support/core/day-events.ts";

const then = (manifest: CallManifest, ...events: readonly CallDayEvent[]) =>
  reduceCallManifest(manifest, events, rules);

describe("a recording", () => {
  test.each([
    ["stored", stored("r")],
    ["tried", attempted("r", 1, "refused")],
  ])("that no listing references is not added by an event %s", (_as, event) => {
    expect(reduce(event).recordings).toEqual([]);
    expect(reduce(listed(1, ["other"]), event).recordings.map(({ id }) => id)).toEqual(["other"]);
  });

  test("counts its events that came before its listing once both come again", () => {
    const late = reduce(stored("r"));

    expect(stateOf(then(late, stored("r"), listed(1, ["r"])), "r")).toBe("stored");
  });

  test("stays stored after any later event, and its URL is dropped", () => {
    const manifest = reduce(listed(1, ["r"]), stored("r"));

    const after = then(
      manifest,
      attempted("r", 2, "refused"),
      attempted("r", 400, "not-found"),
      horizonAt(1),
      listed(2, ["r"]),
    );

    expect(stateOf(after, "r")).toBe("stored");
    expect(Object.keys(after.recordings[0] ?? {}).sort()).toEqual(["callId", "firstSeenAt", "id", "object", "state"]);
  });

  test("keeps its first object if it is stored again as another", () => {
    const manifest = then(reduce(listed(1, ["r"]), stored("r")), stored("r", "wav"));

    expect(manifest.recordings[0]?.object?.key).toBe("recordings/r.mp3");
  });

  test("that no listing references any more is kept", () => {
    expect(stateOf(reduce(listed(1, ["r"]), listed(30, [])), "r")).toBe("pending");
  });

  test("takes its URL from the newest listing that has one, in any order", () => {
    const at = (hours: number, contentUri?: string): CallDayEvent => {
      return {
        ...listed(hours, []),
        recordings: [{ id: "r", callId: "a", ...(contentUri && { contentUri }) }],
      } as CallDayEvent;
    };
    const [first, moved, without] = [
      at(1, "https://media.example.com/old"),
      at(30, "https://media.example.com/new"),
      at(40),
    ];

    const manifests = [
      reduce(first, moved, without),
      reduce(without, first, moved),
      then(reduce(moved), first, without),
    ];

    for (const { recordings } of manifests) expect(recordings[0]?.contentUri).toBe("https://media.example.com/new");
  });

  test("belongs to the call that referenced it first, even if an earlier listing comes later", () => {
    const later: CallDayEvent = { ...listed(9, []), recordings: [{ id: "r", callId: "another" }] } as CallDayEvent;

    const manifest = then(reduce(later), listed(1, ["r"]));

    expect(manifest.recordings[0]).toMatchObject({
      callId: "call of r",
      firstSeenAt: reduce(listed(1, [])).listings[0]?.at,
    });
  });
});

describe("a day", () => {
  const settled = [listed(24, ["r"]), listed(30, ["r"])];
  const twoWeeks = [attempted("r", 31, "not-found"), attempted("r", 31 + days(14), "not-found")];

  test.each([
    ["its listing is not settled", [listed(24, ["r"]), stored("r")], ["listing-not-settled"]],
    ["a recording is pending", settled, ["recordings-pending"]],
    ["both", [listed(24, ["r"])], ["listing-not-settled", "recordings-pending"]],
    [
      "its last listing lacks too much",
      [...settled, listed(31, ["r"], { missing: 3 }), stored("r")],
      ["listing-shrank"],
    ],
    ["the last try to list it came to nothing", [...settled, stored("r"), notListed(31)], ["listing-failed"]],
    ["it was never listed and could not be", [notListed(31)], ["listing-not-settled", "listing-failed"]],
  ])("is open because %s", (_why, events, openReasons) => {
    expect(reduce(...events)).toMatchObject({ status: "open", openReasons });
  });

  test.each([
    ["everything is stored", [stored("r")], { stored: 1 }],
    ["what is not stored was not found for two weeks", twoWeeks, { notFound: 1 }],
    ["what is not stored was gone before", [horizonAt(24)], { alreadyDeleted: 1 }],
    ["what is not stored is lost", [horizonAt(25), attempted("r", 26, "not-found")], { lost: 1 }],
  ])("is closed when its listing is settled and %s", (_what, events, totals) => {
    expect(reduce(...settled, ...events)).toMatchObject({
      status: "closed",
      openReasons: [],
      settled: "agreed",
      totals,
    });
  });

  test("whose listings never agree is closed as unstable", () => {
    const differing = [0, 6, 12, 18, 24].map((at) => listed(at, [], { fingerprint: `at ${at}` }));

    expect(reduce(...differing)).toMatchObject({ status: "closed", settled: "unstable" });
    expect(reduce(...differing.slice(1))).toMatchObject({ status: "open", settled: undefined });
  });

  test("whose listing failed is complete after a later listing, in any order of both events", () => {
    const failure = notListed(20);

    expect(reduce(notListed(10), failure, listed(24, [])).failure).toBeUndefined();
    expect(reduce(listed(24, []), failure).failure).toBeUndefined();
    expect(reduce(listed(19, []), failure, notListed(10))).toMatchObject({ failure: { run: "run 20" } });
  });

  test("has the counts of its newest listing, even if an older one comes later", () => {
    const manifest = then(reduce(listed(30, [])), listed(2, []));

    expect(manifest.totals.records).toBe(130);
    expect(manifest.calls?.sha256).toBe("calls at 30");
  });

  test("keeps the file of an earlier listing if the newest had no records", () => {
    const nothing = { ...listed(30, []), calls: undefined } as CallDayEvent;

    expect(reduce(listed(2, []), nothing).calls?.sha256).toBe("calls at 2");
  });

  test("that was first listed beyond the horizon counts the calls that may have had a recording", () => {
    const counts = { callsWithoutRecording: 7 };

    expect(reduce(horizonAt(1), listed(1, [], counts), listed(9, [], counts)).totals.callsWithoutRecording).toBe(7);
    expect(reduce(horizonAt(2), listed(1, [], counts), listed(9, [], counts)).totals.callsWithoutRecording).toBe(
      undefined,
    );
    expect(reduce(listed(1, [], counts), listed(9, [], counts)).totals.callsWithoutRecording).toBe(undefined);
  });

  test("counts and lists its vanished records", () => {
    const gone = { missing: 1, missingIds: ["a"] };

    expect(reduce(listed(1, []), listed(2, [], gone), listed(3, [], gone))).toMatchObject({
      vanished: ["a"],
      totals: { vanished: 1 },
    });
  });
});
