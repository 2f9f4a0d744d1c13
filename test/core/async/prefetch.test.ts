import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prefetch } from "../../../shared/core/async/prefetch.ts";
import { all, nextTurn } from "../../support/storage/streams.ts";

describe("`prefetch`", () => {
  test("yields everything in order, however long each item takes, and never has more running than allowed", async () => {
    const work = fc.array(fc.nat({ max: 3 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(work, fc.integer({ min: 1, max: 5 }), async (turns, width) => {
        let underWay = 0;
        let most = 0;
        const load = async ({ turn, place }: { readonly turn: number; readonly place: number }) => {
          most = Math.max(most, ++underWay);
          for (let left = turn; left > 0; left--) await nextTurn();
          underWay--;
          return place;
        };
        const items = turns.map((turn, place) => ({ turn, place }));

        expect(await all(prefetch(items, width, load))).toEqual(items.map(({ place }) => place));
        expect(most).toBeLessThanOrEqual(width);
      }),
      { numRuns: 30 },
    );
  });

  test("throws an error in its turn, after everything that came before it", async () => {
    const given: number[] = [];
    const load = async (item: number) => {
      if (item === 3) throw new Error("third");
      return item;
    };

    const loading = (async () => {
      for await (const item of prefetch([1, 2, 3, 4], 4, load)) given.push(item);
    })();

    await expect(loading).rejects.toThrow("third");
    expect(given).toEqual([1, 2]);
  });

  test("that is left early hands over what it had loaded and not yielded, and loads no more", async () => {
    const loaded: number[] = [];
    const discarded: number[] = [];
    const load = async (item: number) => {
      loaded.push(item);
      return item;
    };

    const items = prefetch([1, 2, 3, 4, 5, 6], 3, load, async (item) => void discarded.push(item));
    for await (const _item of items) break;

    expect(loaded).toEqual([1, 2, 3]);
    expect(discarded).toEqual([2, 3]);
  });
});
