import { describe, expect, test } from "vitest";
import { Pause } from "../../shared/core/async/pause.ts";
import type { Tally } from "../../shared/core/whose-fault.ts";
import type { Items, ItemsCursor } from "../../shared/runtime/items.ts";
import { workThrough } from "../../shared/runtime/work-through.ts";
import { night } from "../support/runtime/items-night.ts";

const names = (count: number, prefix = "item") => Array.from({ length: count }, (_, n) => `${prefix} ${n + 1}`);

describe("one failing item", () => {
  test.each([
    ["404", 1],
    ["a bug", 1],
    ["403", 1],
    ["401", 1],
    ["500", 3],
    ["S3 403", 1],
    ["S3 503", 3],
  ] as const)(
    "that is answered %s is reported after %i requests, and all others are done",
    async (response, requests) => {
      const items = names(20);

      const { done, noted, requested, report } = await night({
        items,
        respond: (item) => (item === "item 7" ? response : "good"),
      });

      expect(noted).toHaveLength(1);
      expect(noted[0]).toMatch(/^item 7: /);
      expect(new Set(done)).toEqual(new Set(items.filter((item) => item !== "item 7")));
      expect(requested.filter((item) => item === "item 7")).toHaveLength(requests);
      expect(report?.status).toBe("finished");
    },
  );

  test("that is the first is also reported once others have succeeded", async () => {
    const { done, noted, report } = await night({
      items: names(6),
      respond: (item) => (item === "item 1" ? "500" : "good"),
    });

    expect([done.length, noted]).toEqual([5, ["item 1: API_UNAVAILABLE"]]);
    expect(report?.status).toBe("finished");
  });

  test("that is denied first of all waits for others before it fails", async () => {
    const { done, noted } = await night({ items: names(6), respond: (item) => (item === "item 1" ? "403" : "good") });

    expect([done.length, noted]).toEqual([5, ["item 1: API_REFUSED CMN-408"]]);
  });

  test("that is the only one, and unavailable, fails within a minute if a control succeeds", async () => {
    const { noted, minutes, report } = await night({
      items: ["bad day"],
      respond: () => "500",
      control: () => "good",
    });

    expect(noted).toEqual(["bad day: API_UNAVAILABLE"]);
    expect(minutes).toBeLessThan(1);
    expect(report?.status).toBe("finished");
  });

  test("that is the only one, and unavailable, does not fail without a control, and the run fails after an hour", async () => {
    const { noted, minutes, error } = await night({ items: ["bad day"], respond: () => "500" });

    expect(noted).toEqual([]);
    expect(error).toMatchObject({ code: "API_UNAVAILABLE" });
    expect(minutes).toBeGreaterThanOrEqual(60);
    expect(minutes).toBeLessThan(75);
  });

  test("of a few, all denied, fails if the job wants it, and ends the work if not", async () => {
    const items = ["one", "two"];

    const wanted = await night({ items, respond: () => "403", areFewReported: true });
    const not = await night({ items, respond: () => "403" });

    expect(wanted).toMatchObject({ error: undefined, noted: [expect.any(String), expect.any(String)] });
    expect(not).toMatchObject({ error: { code: "API_REFUSED" }, noted: [] });
  });

  test("of a few, all denied like the control, ends the work without failing", async () => {
    const { noted, error } = await night({
      items: ["one"],
      respond: () => "403",
      control: () => "403",
      areFewReported: true,
    });

    expect([noted, error]).toMatchObject([[], { code: "API_REFUSED" }]);
  });
});

describe("a night", () => {
  test("in which RingCentral is unavailable for twenty minutes does everything, and no item fails", async () => {
    const items = names(100);
    const isAway = (seconds: number) => seconds > 30 && seconds < 1_230;

    const { done, noted, requested, minutes } = await night({
      items,
      respond: (_, seconds) => (isAway(seconds) ? "500" : "good"),
    });

    expect([new Set(done).size, noted]).toEqual([100, []]);
    expect(requested.length).toBeLessThan(120);
    expect(minutes).toBeLessThan(30);
  });

  test("in which one site's recordings are all forbidden does every other, even if they come one after the other", async () => {
    const items = [...names(30, "good"), ...names(40, "site"), ...names(30, "more")];

    const { done, noted, controls, report } = await night({
      items,
      respond: (item) => (item.startsWith("site") ? "403" : "good"),
      control: () => "good",
      perWindow: 10,
    });

    expect([done.length, noted.length]).toEqual([60, 40]);
    expect(controls).toBeLessThanOrEqual(8);
    expect(report?.status).toBe("finished");
  });

  test("in which the JWT is revoked ends at once, sends no more requests, and no item fails", async () => {
    const { done, noted, requested, error } = await night({
      items: names(50),
      respond: (_, seconds) => (seconds > 10 ? "refused login" : "good"),
      control: () => "good",
    });

    expect(noted).toEqual([]);
    expect(error).toMatchObject({ code: "CREDENTIAL_REFUSED" });
    expect(requested.length).toBeLessThanOrEqual(done.length + 4);
  });

  test("in which a raised limit drops back does everything", async () => {
    const { done, noted, report } = await night({ items: names(60), perWindow: 7 });

    expect([done.length, noted, report?.status]).toEqual([60, [], "finished"]);
  });

  test("in which half of the permissions are lost in mid-run reports denied items, and does the others", async () => {
    const items = names(100);
    const isLost = (item: string, seconds: number) => seconds > 40 && Number(item.slice(5)) % 2 === 0;

    const { done, noted } = await night({
      items,
      respond: (item, seconds) => (isLost(item, seconds) ? "403" : "good"),
      control: () => "good",
    });

    expect(done.length + noted.length).toBe(100);
    expect(noted.every((each) => Number(/\d+/.exec(each)?.[0]) % 2 === 0)).toBe(true);
  });

  test("in which everything is denied from mid-run on ends after a few more, and no item fails", async () => {
    const { noted, requested, done, error } = await night({
      items: names(100),
      respond: (_, seconds) => (seconds > 20 ? "403" : "good"),
      control: () => "403",
      perWindow: 10,
    });

    expect(error).toMatchObject({ code: "API_REFUSED" });
    expect(requested.length - done.length).toBeLessThanOrEqual(20);
    expect(noted.length).toBeLessThanOrEqual(10);
  });

  test("in which no item of yesterday is ready reports twenty of them and leaves the rest, and other days are done", async () => {
    const items = [...names(100, "yesterday"), ...names(10, "older")];

    const { requested, done, noted, tally } = await night({
      items,
      respond: (item) => (item.startsWith("yesterday") ? "404" : "good"),
      groupOf: (item) => item.split(" ")[0] ?? "",
      concurrency: 64,
    });

    expect(requested.filter((item) => item.startsWith("yesterday"))).toHaveLength(20);
    expect([done.length, noted.length, tally?.left]).toEqual([10, 20, 80]);
  });
});

describe("a service without any success", () => {
  const items = names(300);

  test.each([
    ["500", "API_UNAVAILABLE", 75],
    ["403", "API_REFUSED", 2],
    ["401", "API_REFUSED", 2],
    ["S3 403", "STORAGE_FAILED", 2],
    ["S3 503", "STORAGE_FAILED", 75],
    ["refused login", "CREDENTIAL_REFUSED", 1],
  ] as const)(
    "because of %s ends the run with %s within %i minutes and 40 requests, and no item fails",
    async (response, code, most) => {
      const { error, requested, noted, minutes } = await night({ items, respond: () => response, concurrency: 64 });

      expect(error).toMatchObject({ code });
      expect(requested.length).toBeLessThanOrEqual(40);
      expect(minutes).toBeLessThanOrEqual(most);
      expect(noted).toEqual([]);
    },
  );

  test("ends the run if its rate window ends slices first, because these are fruitless, too", async () => {
    const { error, requested } = await night({ items, respond: () => "500", perWindow: 1, concurrency: 64 });

    expect(error).toMatchObject({ code: "API_UNAVAILABLE" });
    expect(requested.length).toBeLessThanOrEqual(70);
  });

  test("gets a request for another item each time", async () => {
    const { requested } = await night({ items: names(50), respond: () => "500", control: () => "500" });

    expect(new Set(requested.slice(0, 12)).size).toBe(12);
  });
});

test("a window that is used up without success is fruitless, and the next slice begins with one item", async () => {
  const nothing: Items<string> = {
    concurrency: 4,
    from: (place) => names(8).slice(place),
    nameOf: (item) => item,
    work: async () => {
      throw new Pause(new Date(60_000), "window");
    },
    reportFailure: async () => {},
  };
  const cursors: ItemsCursor[] = [];
  const slice = async (from?: ItemsCursor) => {
    for await (const cursor of workThrough(nothing, { now: () => new Date(0), maxSliceMs: 1_000 }, from))
      cursors.push(cursor);
  };

  await expect(slice()).rejects.toMatchObject({ reason: "window", obtained: false });
  const [first] = cursors;
  if (!first) throw new Error("no cursor came");
  await expect(slice({ ...first, beginsWithOne: false })).rejects.toThrow("window");

  expect(cursors.map(({ beginsWithOne }) => beginsWithOne)).toEqual([true, true]);
});

test("work that has used up its time stops at its cursor, and continues without a wait", async () => {
  const { done, engine, waits } = await night({ items: names(8), concurrency: 1, secondsPerRequest: 90 });

  expect(done).toHaveLength(8);
  expect(engine.names().filter((name) => name === "step work")).toHaveLength(3);
  expect(waits).toEqual([]);
});

test("an undecided item of an earlier slice is requested again, and no finished item is done twice", async () => {
  const { requested, done } = await night({
    items: names(30),
    respond: (item, _seconds, time) => (Number(item.slice(5)) % 5 === 0 && time === 1 ? "500" : "good"),
  });

  expect(done).toHaveLength(30);
  expect(requested).toHaveLength(36);
});

describe("in doubt,", () => {
  test("five denied items end the work, even if a few would be reported", async () => {
    const { noted, error } = await night({ items: names(5), respond: () => "403", areFewReported: true });

    expect([noted, error]).toMatchObject([[], { code: "API_REFUSED" }]);
  });

  test("sixty failures in a row with the same result, although each is the item's own, end the work with the last of them", async () => {
    const { noted, error } = await night({ items: names(100), respond: () => "a bug" });

    expect(error).toMatchObject({ code: "UNEXPECTED" });
    expect(noted.length).toBeGreaterThanOrEqual(60);
    expect(noted.length).toBeLessThan(64);
  });

  test("fifty-nine such failures do not end the work, nor do more with a success or another result between them", async () => {
    const few = await night({ items: names(59), respond: () => "a bug" });
    const broken = await night({ items: names(100), respond: (item) => (item === "item 50" ? "good" : "a bug") });
    const unlike = await night({
      items: names(100),
      respond: (item) => (Number(item.slice(5)) % 2 === 0 ? "400" : "a bug"),
    });

    expect([few.error, broken.error, unlike.error]).toEqual([undefined, undefined, undefined]);
  });

  test("sixty missing days end the work, because no group bounds them", async () => {
    const { noted, error } = await night({ items: names(100), respond: () => "404", concurrency: 1 });

    expect([noted.length, error]).toMatchObject([60, { code: "API_NOT_FOUND" }]);
  });

  test("sixty failures with the same result, and all that follow, are reported if a control succeeds", async () => {
    const { noted, error, controls } = await night({
      items: names(100),
      respond: () => "a bug",
      control: () => "good",
    });

    expect([noted.length, error, controls]).toEqual([100, undefined, 1]);
  });

  test("a missing item is its own fault, however often, if each group is left after twenty", async () => {
    const groupOf = (item: string) => item.slice(0, 6);
    const { noted, error } = await night({ items: names(100), respond: () => "404", groupOf });

    expect([noted.length, error]).toEqual([100, undefined]);
  });

  test("a denied item waits for those that the end of the window has kept", async () => {
    const { noted, done, error } = await night({
      items: names(3),
      respond: (item, _seconds, time) => {
        if (item === "item 1") return "good";
        if (item === "item 2") return time === 1 ? "window used up" : "403";
        return time <= 2 ? "window used up" : "good";
      },
    });

    expect([done, noted, error]).toEqual([["item 1", "item 3"], ["item 2: API_REFUSED CMN-408"], undefined]);
  });

  test("an error that concerns the run is not hidden by a pause", async () => {
    const responses = { "item 2": "refused login", "item 3": "window used up" } as const;
    const { requested, error } = await night({
      items: names(3),
      respond: (item) => responses[item as keyof typeof responses] ?? "good",
    });

    expect([requested, error]).toMatchObject([names(3), { code: "CREDENTIAL_REFUSED" }]);
  });

  test("no item fails if no login is possible, however few were denied", async () => {
    const { noted, error } = await night({
      items: names(2),
      respond: (item) => (item === "item 1" ? "403" : "refused login"),
      areFewReported: true,
    });

    expect([noted, error]).toMatchObject([[], { code: "CREDENTIAL_REFUSED" }]);
  });

  test("a control that fails by its own fault counts like one that is denied", async () => {
    const { noted, error } = await night({
      items: names(2),
      respond: () => "403",
      control: () => "404",
      areFewReported: true,
    });

    expect([noted, error]).toMatchObject([[], { code: "API_REFUSED" }]);
  });

  test("a control that succeeds ends the wait, too", async () => {
    const { waits, noted } = await night({ items: ["bad day"], respond: () => "500", control: () => "good" });

    expect([waits, noted.length]).toEqual([[5, 10], 1]);
  });
});

test("the longer of two pauses holds", async () => {
  const { waits } = await night({
    items: names(3),
    respond: (item, _seconds, time) => {
      if (item === "item 1" || time > 1) return "good";
      return item === "item 2" ? "window used up" : "500";
    },
  });

  expect(waits).toHaveLength(1);
  expect(waits[0]).toBeGreaterThan(50);
});

test("a group of which one item has succeeded is not left, however many fail after it", async () => {
  const items = [...names(1, "good"), ...names(40, "late")];

  const { requested, tally } = await night({
    items,
    respond: (item) => (item.startsWith("good") ? "good" : "404"),
    groupOf: () => "yesterday",
  });

  expect([requested.length, tally?.left]).toEqual([41, 0]);
});

test("an item that was stored before and only found again counts as done, not as succeeded", async () => {
  let tally: Tally | undefined;
  const found: Items<string> = {
    concurrency: 2,
    from: (place) => names(3).slice(place),
    nameOf: (item) => item,
    work: async (item, succeeded) => {
      if (item === "item 3") succeeded();
    },
    reportFailure: async () => {},
    end: async (end) => {
      tally = end;
    },
  };

  for await (const _ of workThrough(found, { now: () => new Date(0), maxSliceMs: 1_000 }));

  expect(tally).toMatchObject({ attempted: 3, done: 3, succeeded: 1 });
});

describe("a control", () => {
  test("that never comes, for a denied item, ends the work after an hour, because the denial may concern all items", async () => {
    const { noted, error, controls, minutes } = await night({
      items: ["one"],
      respond: () => "403",
      control: () => "500",
    });

    expect(noted).toEqual([]);
    expect(error).toMatchObject({ code: "API_UNAVAILABLE" });
    expect(controls).toBeLessThan(25);
    expect(minutes).toBeGreaterThanOrEqual(60);
    expect(minutes).toBeLessThan(75);
  });

  test("decides only on failures of its own slice, and earlier ones are requested again", async () => {
    let controls = 0;

    const { done, noted } = await night({
      items: names(2),
      respond: (_item, _seconds, time) => (time <= 3 ? "500" : "good"),
      control: () => (++controls === 1 ? "500" : "good"),
    });

    expect([done, noted]).toEqual([["item 1"], ["item 2: API_UNAVAILABLE"]]);
  });

  test("is requested in every third slice in which an item failed, and for no item that did not fail in that slice", async () => {
    const { controls, requested } = await night({ items: names(3), respond: () => "500", control: () => "500" });

    expect(requested.slice(0, 12)).toEqual([...names(3), ...names(3), ...names(3), ...names(3)]);
    expect([requested.length, controls]).toEqual([18, 6]);
  });

  test("that succeeds does not end the wait for an item that is still in doubt", async () => {
    const { noted, waits } = await night({ items: names(2), respond: () => "500", control: () => "good" });

    expect([noted.length, waits]).toEqual([2, [5, 10, 5]]);
  });

  test("lets the items behind be done, even if one that is unavailable after the other comes before them", async () => {
    const { done, noted, minutes, requested } = await night({
      items: [...names(40, "bad"), ...names(30, "good")],
      respond: (item) => (item.startsWith("bad") ? "500" : "good"),
      control: () => "good",
      groupOf: (item) => item.slice(0, 3),
      perWindow: 10,
    });

    expect([done.length, noted.length]).toEqual([30, 20]);
    expect(minutes).toBeLessThan(30);
    expect(requested.length).toBeLessThan(100);
  });

  test("is the item that was done last, if there is none from another night", async () => {
    const { done, noted, controls, minutes } = await night({
      items: [...names(5), "bad"],
      respond: (item) => (item === "bad" ? "500" : "good"),
      controlOf: (item) => (item === undefined ? undefined : "good"),
    });

    expect([done.length, noted, controls]).toEqual([5, ["bad: API_UNAVAILABLE"], 1]);
    expect(minutes).toBeLessThan(2);
  });
});

describe("if nothing was ever fetched, items from further back serve as controls", () => {
  test.each(["403", "500"] as const)("although those in front are all answered %s", async (bad) => {
    const { done, noted, error } = await night({
      items: [...names(5, "bad"), ...names(20, "good")],
      respond: (item) => (item.startsWith("bad") ? bad : "good"),
      perWindow: 10,
    });

    expect([new Set(done).size, noted.length, error]).toEqual([20, 5, undefined]);
  });

  test("even if the last of them is denied, too", async () => {
    const { done, noted } = await night({
      items: [...names(5, "bad"), ...names(20, "good"), "bad at last"],
      respond: (item) => (item.startsWith("bad") ? "403" : "good"),
    });

    expect([new Set(done).size, noted.length]).toEqual([20, 6]);
  });

  test("but only three of them are requested, and what is denied to all ends the work", async () => {
    const { requested, noted, error } = await night({ items: names(50), respond: () => "403", concurrency: 1 });

    expect([requested.length, noted, error]).toMatchObject([8, [], { code: "API_REFUSED" }]);
    expect(requested.slice(5)).toEqual(["item 50", "item 28", "item 39"]);
  });
});

test.each([2, 3, 4, 6])(
  "an outage of twenty minutes makes none of %i items fail, although the first was done before",
  async (count) => {
    const isAway = (seconds: number) => seconds > 1.5 && seconds < 1_200;

    const { done, noted, error } = await night({
      items: names(count),
      respond: (_item, seconds) => (isAway(seconds) ? "500" : "good"),
      control: (seconds) => (isAway(seconds) ? "500" : "good"),
    });

    expect([new Set(done).size, noted, error]).toEqual([count, [], undefined]);
  },
);

test("a few items that S3 denies end the work, and none is reported, because the deployment is at fault", async () => {
  const { noted, error } = await night({ items: names(3), respond: () => "S3 403", areFewReported: true });

  expect([noted, error]).toMatchObject([[], { code: "STORAGE_FAILED" }]);
});

test("of the unavailable items the one that failed least often is requested first", async () => {
  const { requested } = await night({ items: names(2), respond: () => "500" });

  expect(requested.slice(0, 6)).toEqual([...names(2), ...names(2), ...names(2)]);
});

test("a denied item is not requested again in the same run", async () => {
  const { requested, done, noted } = await night({
    items: names(4),
    respond: (item, _seconds, time) => {
      if (item === "item 1") return "403";
      return time === 1 ? "500" : "good";
    },
  });

  expect(requested.filter((item) => item === "item 1")).toHaveLength(1);
  expect([done.length, noted.length]).toEqual([3, 1]);
});

test("exactly the sixtieth failure in a row with the same result ends the work", async () => {
  const { noted, error } = await night({ items: names(100), respond: () => "a bug", concurrency: 1 });

  expect([noted.length, error]).toMatchObject([60, { code: "UNEXPECTED" }]);
});

test("a slice begins nothing new after four minutes", async () => {
  const { engine } = await night({ items: names(9), concurrency: 1, secondsPerRequest: 60 });

  // Four, four and one.
  expect(engine.names().filter((name) => name === "step work")).toHaveLength(3);
});

test("an item that is left for the next run counts as due for the first time if it is", async () => {
  const items = names(25, "late");

  const { tally } = await night({
    items,
    respond: () => "404",
    groupOf: () => "yesterday",
    isFirstTime: (item) => Number(item.slice(5)) > 20,
  });

  expect(tally).toMatchObject({ attempted: 20, left: 5, firstTime: 5 });
});
