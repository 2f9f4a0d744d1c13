import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AnalyticsRules,
  analyticsAggregate,
  dueDatasets,
  requiredDatasets,
} from "../../../shared/core/analytics/analytics-aggregate.ts";
import { AnalyticsManifest, countChanges } from "../../../shared/core/analytics/analytics-manifest.ts";
import type { Dataset } from "../../../shared/core/analytics/analytics-query.ts";
import { collected, empty, failed, hour, reduce, rules, wholeDay } from "../../support/core/analytics-events.ts";

const companyDay = { group: "Company", interval: "Day" } as const;
const usersHour = { group: "Users", interval: "Hour" } as const;
const settledAt = 48;
const entryOf = ({ datasets }: AnalyticsManifest, { group, interval }: Dataset) =>
  datasets.find((entry) => entry.group === group && entry.interval === interval);

describe("a day is open", () => {
  test("while it has no events", () => {
    expect(reduce()).toMatchObject({ status: "open", openReasons: ["incomplete"], datasets: [] });
  });

  test("while one dataset was never collected, even if all others are settled", () => {
    const [, ...others] = wholeDay(settledAt);

    expect(reduce(...others)).toMatchObject({ status: "open", openReasons: ["incomplete"] });
  });

  test("while a dataset was last collected before its numbers were settled", () => {
    const [, ...others] = wholeDay(settledAt);

    expect(reduce(...wholeDay(3))).toMatchObject({ status: "open", openReasons: ["may-change"] });
    expect(reduce(...others, collected(companyDay, settledAt - 1))).toMatchObject({ openReasons: ["may-change"] });
  });

  test("once a dataset that was collected before could not be collected again", () => {
    const manifest = reduce(...wholeDay(settledAt), failed(usersHour, settledAt + 1));

    expect(manifest).toMatchObject({ status: "open", openReasons: ["incomplete"] });
    expect(entryOf(manifest, usersHour)).toMatchObject({ failure: { code: "API_REFUSED" }, keys: 2 });
  });
});

describe("a day is closed", () => {
  test("once every required dataset was collected late enough, whatever was collected before", () => {
    expect(reduce(...wholeDay(3), ...wholeDay(settledAt))).toMatchObject({ status: "closed", openReasons: [] });
  });

  test("after a single night's collection if none is to be repeated", () => {
    const once = analyticsAggregate({ ...rules, recollectDays: 1 });

    expect(once.reduce(empty, wholeDay(0)).status).toBe("closed");
    expect(once.reduce(empty, wholeDay(-1)).status).toBe("open");
  });

  test("although a group that is not required could not be collected", () => {
    const ivas = failed({ group: "IVAs", interval: "Day" }, settledAt);

    expect(reduce(...wholeDay(settledAt), ivas).status).toBe("closed");
  });
});

describe("the list of due datasets", () => {
  const due = (manifest: AnalyticsManifest, by: AnalyticsRules = rules) =>
    dueDatasets(manifest, by).map(({ group, interval }) => `${group} ${interval}`);
  const every = requiredDatasets(rules).map(({ group, interval }) => `${group} ${interval}`);

  test("has all of a day that has no events or may still change", () => {
    expect(due(empty)).toEqual(every);
    expect(due(reduce(...wholeDay(settledAt - 1)))).toEqual(every);
  });

  test("has none of a closed day", () => {
    expect(due(reduce(...wholeDay(settledAt)))).toEqual([]);
  });

  test("has a dataset whose collection failed after it had settled, because its day would stay open for ever", () => {
    expect(due(reduce(...wholeDay(settledAt), failed(usersHour, settledAt + 1)))).toEqual(["Users Hour"]);
  });

  test("has a group that is new in the settings for days that were closed, and opens them again", () => {
    const wider = { ...rules, groups: [...rules.groups, "Sites"] } as const;
    const closed = reduce(...wholeDay(settledAt));

    expect(due(closed, wider)).toEqual(["Sites Day", "Sites Hour"]);
    expect(analyticsAggregate(wider).reduce(closed, [])).toMatchObject({ status: "open", openReasons: ["incomplete"] });
  });

  test("has some of every open day and none of a closed one, for any events", () => {
    fc.assert(
      fc.property(happened, fc.constantFrom([], wholeDay(settledAt)), (some, whole) => {
        const manifest = reduce(...some, ...whole);

        expect(dueDatasets(manifest, rules).length > 0).toBe(manifest.status === "open");
      }),
    );
  });
});

describe("collections", () => {
  const nights = Array.from({ length: 45 }, (_, night) =>
    collected(companyDay, night, night % 10 < 5 ? "same" : "other"),
  );
  const many = reduce(...nights);

  test("are kept longer than any day is collected again, and forgotten ones may be added once more", () => {
    const { collections } = entryOf(many, companyDay) ?? { collections: [] };

    expect(collections.map(({ at }) => at)).toEqual(Array.from({ length: 40 }, (_, night) => hour(night + 5)));
    expect(analyticsAggregate(rules).reduce(many, nights.slice(0, 3))).toEqual(many);
  });

  test("show how often the numbers have changed from one night to the next", () => {
    const entry = entryOf(many, companyDay) ?? { collections: [] };

    expect(countChanges(entry)).toBe(7);
    expect(countChanges({ collections: entry.collections.slice(0, 1) })).toBe(0);
    expect(countChanges({ collections: [] })).toBe(0);
  });
});

describe("a failure", () => {
  test("is kept from its first time until the dataset is collected", () => {
    const twice = reduce(failed(companyDay, 3), failed(companyDay, 27));
    const mended = reduce(failed(companyDay, 3), failed(companyDay, 27), collected(companyDay, 51));

    expect(entryOf(twice, companyDay)?.failure?.at).toBe(hour(3));
    expect(entryOf(mended, companyDay)?.failure).toBeUndefined();
  });

  test("leaves earlier collections unchanged", () => {
    const before = entryOf(reduce(collected(companyDay, 3)), companyDay);

    const { failure, ...known } = entryOf(reduce(collected(companyDay, 3), failed(companyDay, 27)), companyDay) ?? {};

    expect(failure?.at).toBe(hour(27));
    expect(known).toEqual(before);
  });
});

/** One run collects a dataset once at an instant; repeated events are equal. */
const happened = fc
  .uniqueArray(
    fc.record({
      part: fc.constantFrom(...requiredDatasets(rules), { group: "IVAs" as const, interval: "Day" as const }),
      at: fc.integer({ min: -10, max: 70 }),
      fails: fc.boolean(),
      as: fc.constantFrom("same", "other"),
    }),
    { maxLength: 30, selector: ({ part, at }) => `${part.group} ${part.interval} ${at}` },
  )
  .map((all) => all.map(({ part, at, fails, as }) => (fails ? failed(part, at) : collected(part, at, as))));
const disordered = happened.chain((all) =>
  fc.tuple(
    fc.constant(all),
    fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }),
    fc.infiniteStream(fc.boolean()),
  ),
);

describe("for any events,", () => {
  test("any order of them, once or twice, gives the same manifest", () => {
    fc.assert(
      fc.property(disordered, ([all, events]) => {
        expect(reduce(...events)).toEqual(reduce(...all));
      }),
    );
  });

  test("after lost, late or early events, delivering all events again gives the same manifest", () => {
    fc.assert(
      fc.property(disordered, ([all, events, lost]) => {
        const some = reduce(...events.filter(() => !lost.next().value));

        expect(analyticsAggregate(rules).reduce(some, all)).toEqual(reduce(...all));
      }),
    );
  });

  test("a stored manifest with the same events again has the same bytes, so that nothing is written", () => {
    fc.assert(
      fc.property(disordered, ([all, events]) => {
        const read = AnalyticsManifest.parse(JSON.parse(JSON.stringify(reduce(...all))));

        expect(JSON.stringify(analyticsAggregate(rules).reduce(read, events))).toBe(JSON.stringify(read));
        expect(JSON.stringify(analyticsAggregate(rules).reduce(read, []))).toBe(JSON.stringify(read));
      }),
    );
  });

  test("a dataset's object and fingerprint are those of its newest collection", () => {
    fc.assert(
      fc.property(happened, (all) => {
        for (const { group, interval, collections, object } of reduce(...all).datasets) {
          const own = all.flatMap((event) => (event.type === "collected" ? [event] : []));
          const ofPart = own.filter((event) => event.group === group && event.interval === interval);
          const newest = ofPart.sort((a, b) => (a.collection.at < b.collection.at ? -1 : 1)).at(-1);

          expect(collections.at(-1)).toEqual(newest?.collection);
          expect(object).toEqual(newest?.object);
        }
      }),
    );
  });
});
