import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rateHeaders as rateHeadersFor, retryAfterMs } from "../../../shared/ringcentral/http/rate-headers.ts";

const hourMs = 60 * 60_000;
const rateHeaders = (headers: Headers) => rateHeadersFor(headers, "heavy");

const headersOf = (limit: string, remaining: string, window: string) =>
  new Headers({ "x-rate-limit-limit": limit, "x-rate-limit-remaining": remaining, "x-rate-limit-window": window });

describe("a Retry-After", () => {
  test.each([
    ["0", 0],
    [" 60 ", 60_000],
    ["60, 60", 60_000],
    ["3600", hourMs],
    ["3601", hourMs],
    ["1000000000000", hourMs],
    ["9".repeat(5_000), hourMs],
  ])("of %s seconds is %i ms, at most an hour", (seconds, ms) => {
    expect(retryAfterMs(new Headers({ "retry-after": seconds }))).toBe(ms);
  });

  test.each(["", "-1", "1.5", "1e3", "NaN", "Infinity", "5, 6", "Wed, 21 Oct 2026 07:28:00 GMT"])(
    "in another form than whole seconds (%j) is ignored",
    (text) => {
      expect(retryAfterMs(new Headers({ "retry-after": text }))).toBeUndefined();
    },
  );
});

describe("RingCentral's rate headers", () => {
  test("are read as documented", () => {
    expect(rateHeaders(headersOf("10", "0", "60"))).toEqual({ limit: 10, remaining: 0, windowMs: 60_000 });
  });

  test("that a proxy has doubled are read as one if their values are equal", () => {
    const doubled = headersOf("10, 10", "0,0", "60 , 60");

    expect(rateHeaders(doubled)).toEqual({ limit: 10, remaining: 0, windowMs: 60_000 });
    expect(rateHeaders(headersOf("10, 20", "0", "60"))).toBeUndefined();
  });

  test("never name a window of more than an hour", () => {
    expect(rateHeaders(headersOf("10", "0", "1000000000"))?.windowMs).toBe(hourMs);
  });

  test.each([
    ["a limit of none", "0", "0", "60"],
    ["a window of no time", "10", "0", "0"],
    ["less than nothing", "10", "-1", "60"],
    ["more than can be counted", "1".repeat(10), "1", "60"],
    ["no number", "ten", "1", "60"],
  ])("with %s are ignored", (_what, limit, remaining, window) => {
    expect(rateHeaders(headersOf(limit, remaining, window))).toBeUndefined();
  });

  test.each(["heavy", "Heavy", "heavy, heavy", "heavy-v2", "", undefined])(
    "for a Heavy request are read if they name the group %s",
    (group) => {
      const headers = headersOf("10", "9", "60");
      if (group !== undefined) headers.set("x-rate-limit-group", group);

      expect(rateHeaders(headers)).toEqual({ limit: 10, remaining: 9, windowMs: 60_000 });
    },
  );

  test.each(["light", "Medium", "auth"])("for a Heavy request are ignored if they count the group %s", (group) => {
    const headers = headersOf("50", "49", "60");
    headers.set("x-rate-limit-group", group);

    expect(rateHeaders(headers)).toBeUndefined();
  });

  test("give usable numbers for any text", () => {
    const text = fc.oneof(fc.integer().map(String), fc.double().map(String), fc.bigInt().map(String));

    fc.assert(
      fc.property(text, text, text, (limit, remaining, window) => {
        const parsed = rateHeaders(headersOf(limit, remaining, window));

        if (!parsed) return;
        expect(Object.values(parsed).every(Number.isSafeInteger)).toBe(true);
        expect(parsed.limit / parsed.windowMs).toBeGreaterThan(0);
      }),
    );
  });
});
