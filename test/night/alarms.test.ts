import { expect, onTestFinished, test } from "vitest";
import { judgeAlarms } from "../../lab/cloudwatch/judge-alarms.ts";
import type { PublishedData } from "../../lab/cloudwatch/published-metrics.ts";
import type { JsonTemplate } from "../../lab/cloudwatch/template-alarms.ts";
import { openWorld, type World } from "../../lab/demo/world.ts";
import { Env } from "../../shared/contract.ts";
import { templateOf } from "../support/infra/stack.ts";
import { testStack } from "../support/metric-lines.ts";

const hourMs = 3_600_000;
const job = "archive-calls";
const template = templateOf({ settings: { jobs: [job] } });

/** What the deployed bundle has written so far, as CloudWatch Logs gets it. */
function linesOf({ lambda }: World): PublishedData[] {
  const lines = lambda.logs(job).split("\n");
  return lines.flatMap((line) => {
    const at = /"_aws":\{"Timestamp":(\d+)/.exec(line)?.[1];
    return at ? [{ at: new Date(Number(at)), line }] : [];
  });
}

test("the alarms, computed from the bundle's output, are raised in the first night in which no recording can be fetched, and end when they come again", async () => {
  const account = { calls: { perDay: 4 } };
  const faults = [{ on: "recordingContent", what: { status: 404 }, times: "always" }] as const;
  const world = await openWorld({
    inMemory: true,
    environment: { [Env.stackName]: testStack },
    ringCentral: { account, faults: [...faults] },
  });
  onTestFinished(() => world.stop());
  const start = world.clock.now();

  await world.night();
  world.ringCentral.clearFaults();
  world.clock.advance(start + 24 * hourMs - world.clock.now());
  await world.night();

  const from = new Date(start - 12 * hourMs);
  const to = new Date(start + 46 * hourMs);
  const changes = judgeAlarms({ template: template.toJSON() as JsonTemplate, published: linesOf(world), from, to });
  const known = changes.filter((change) => change.from !== "INSUFFICIENT_DATA" || change.to !== "OK");
  expect(known.map(({ alarm, to: state }) => `${alarm} ${state}`).sort()).toEqual([
    ...["failed-in-bulk ALARM", "failed-in-bulk OK"],
    ...["run-failed-archive-calls ALARM", "run-failed-archive-calls OK"],
  ]);
  expect(known[0]?.at.getTime()).toBeLessThan(start + 2 * hourMs);
}, 120_000);
