import { describe, expect, test } from "vitest";
import { isRunEnd, reportRunEnd } from "../../shared/runtime/report-run-end.ts";

const arn = "arn:aws:lambda:us-east-1:123456789012:function";
const targets = { "archive-calls": `${arn}:stack-archive-1A2B:live`, "build-tables": `${arn}:stack-tables-3C4D:live` };
const end = { endedFunction: `${arn}:stack-tables-3C4D:17`, endedAt: "2026-11-04T09:00:00Z" };

function report(event: unknown) {
  const published: unknown[] = [];
  const metricsOf = (job: string) => {
    const values: Record<string, number> = {};
    return {
      add: () => undefined,
      set: (name: string, value: number) => void Object.assign(values, { [name]: value }),
      publish: () => void published.push([job, values]),
    };
  };
  return { response: () => reportRunEnd(event, { targets, metricsOf }), published };
}

describe("the end of a run that could not report itself", () => {
  test("is published for its function's job, for any version, as a failure at the event's own time", () => {
    const { response, published } = report(end);

    expect(response()).toEqual({ failed: "build-tables" });
    expect(published).toEqual([["build-tables", { RunEnded: -Date.parse(end.endedAt) / 1000 }]]);
  });

  test.each([
    { ...end, endedFunction: `${arn}:another-function:3` },
    { ...end, endedAt: "yesterday" },
    { endedFunction: end.endedFunction },
  ])("fails if the event has no known job or no time, so that the event is kept (%j)", (event) => {
    const { response, published } = report(event);

    expect(response).toThrow(expect.objectContaining({ code: "REQUEST_INVALID" }));
    expect(published).toEqual([]);
  });

  test("is distinguished from a request", () => {
    expect(isRunEnd(end)).toBe(true);
    for (const event of [{}, undefined, null, "archive everything", { scheduledTime: end.endedAt }]) {
      expect(isRunEnd(event)).toBe(false);
    }
  });
});
