import { describe, expect, test } from "vitest";
import { MetricName } from "../../../shared/contract.ts";
import { flat, resourceOf, resourcesOf } from "../../support/infra/resources.ts";
import { fourJobs, templateOf } from "../../support/infra/stack.ts";

const template = templateOf({ jobs: fourJobs });

interface Widget {
  readonly type: "text" | "metric" | "log" | "alarm";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly metrics?: readonly (readonly unknown[])[];
    readonly query?: string;
    readonly alarms?: readonly string[];
    readonly markdown?: string;
  };
}

function widgetsOf(of = template): readonly Widget[] {
  const { Properties } = resourceOf(of, "AWS::CloudWatch::Dashboard");
  return JSON.parse(flat(Properties.DashboardBody)).widgets;
}
const widgets = widgetsOf();

/** Job and metric of every line in the graphs. CloudWatch's "." stands for the value above. */
function linesOf(all: readonly Widget[]): readonly (readonly [string, string])[] {
  return all.flatMap(({ properties: { metrics = [] } }) => {
    let above: readonly unknown[] = [];
    return metrics.map((line) => {
      const full = line.map((value, n) => (value === "." ? above[n] : value));
      above = full;
      const dimension = (name: string) => String(full[full.indexOf(name) + 1]);
      expect(full[0]).toBe("Nightshift");
      expect(dimension("stack")).toBe("nightshift-test");
      return [dimension("service"), String(full[1])] as const;
    });
  });
}

describe("the dashboard", () => {
  test("shows only metrics that a job publishes", () => {
    for (const [job, metric] of linesOf(widgets))
      expect([...Object.values(MetricName), ...Object.values(fourJobs[job]?.metrics ?? {})], job).toContain(metric);
  });

  test("shows every graph that a deployed job declares, and none of another", () => {
    const few = linesOf(widgetsOf(templateOf({ settings: { jobs: ["archive-calls"] } })));
    const declared = Object.values(fourJobs["archive-calls"]?.graphs ?? []).flatMap(({ sums = [], gauges = [] }) => [
      ...sums,
      ...gauges,
    ]);

    expect(declared.length).toBeGreaterThan(5);
    expect(few.map(([, metric]) => metric)).toEqual(expect.arrayContaining(declared));
    expect(new Set(few.map(([job]) => job))).toEqual(new Set(["archive-calls"]));
  });

  test("shows every alarm of the stack", () => {
    const alarms = resourcesOf(template, "AWS::CloudWatch::Alarm").map(({ id }) => `<${id}.Arn>`);

    expect(widgets.flatMap(({ properties }) => properties.alarms ?? []).sort()).toEqual(alarms.sort());
  });

  test("begins with the sentence that report-status logs, and ends with the failures of every job", () => {
    const queries = widgets.flatMap(({ properties }) => properties.query ?? []);
    const logOf = (job: string) => resourceOf(template, "AWS::Logs::LogGroup", `${job.replaceAll("-", "")}Log`).id;

    expect(queries).toHaveLength(2);
    expect(queries[0]).toContain(`SOURCE '<${logOf("report-status")}>'`);
    expect(queries[0]).toContain('filter message = "status"');
    for (const job of Object.keys(fourJobs)) expect(queries[1]).toContain(`SOURCE '<${logOf(job)}>'`);
  });

  test("names the command that shows the status now", () => {
    expect(widgets[0]?.properties.markdown).toContain("npx nightshift status --stack test");
  });

  test("has no widget over another, and none that is wider than the page", () => {
    for (const [n, one] of widgets.entries()) {
      expect(one.x + one.width).toBeLessThanOrEqual(24);
      for (const other of widgets.slice(n + 1)) {
        const isApart =
          one.x + one.width <= other.x ||
          other.x + other.width <= one.x ||
          one.y + one.height <= other.y ||
          other.y + other.height <= one.y;
        expect(isApart).toBe(true);
      }
    }
  });
});
