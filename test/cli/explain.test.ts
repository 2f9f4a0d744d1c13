import { describe, expect, test } from "vitest";
import { jobs } from "../../shared/jobs.ts";
import { archiveName } from "../support/audit/archive-lab.ts";
import { servedSample } from "../support/audit/sample-archive.ts";
import { loggedIn, nightshift } from "../support/cli/run-nightshift.ts";

const { open, shared } = servedSample();
type Lab = Awaited<ReturnType<typeof open>>;
const explain = (lab: Lab, ...args: readonly string[]) =>
  nightshift(["explain", ...args, "--stack", "sample"], loggedIn(lab));

const at = "2026-11-06T03:41:00.000Z";
const line = (message: string, facts: object = {}, more: object = {}) =>
  `${JSON.stringify({ level: "ERROR", message, timestamp: at, run: "r", facts, ...more })}\n`;
const failed = line("run failed", { code: "API_REFUSED", message: "All were refused", hint: "Check the role." });

describe("nightshift explain", () => {
  test("refuses an alarm that does not exist, and names the nearest", async () => {
    const { status, err } = await explain(await open(), "run-faild");

    expect(status).toBe(2);
    expect(err).toMatch(
      /^REQUEST_INVALID: There is no alarm run-faild that a log explains\n.*Did you mean run-failed\?\n$/,
    );
  });

  test("without an alarm or a stack names both errors", async () => {
    const { status, err } = await nightshift(["explain"], loggedIn(await open()));

    expect(status).toBe(2);
    expect(err).toContain("name an alarm, such as run-failed; --stack is missing");
  });

  test("says which right the login lacks", async () => {
    const lab = await open();
    lab.aws.plan({
      on: { operation: "FilterLogEvents" },
      times: "always",
      what: { status: 403, code: "AccessDeniedException" },
    });

    const { status, err } = await explain(lab, "run-failed");

    expect(status).toBe(2);
    expect(err).toBe("REQUEST_INVALID: AWS does not let this login read its logs\nAllow it logs:FilterLogEvents.\n");
  });

  test("needs no right to S3", async () => {
    const lab = await open();
    const rights = { gets: [], puts: [], lists: [] };
    lab.aws.setRights({ [archiveName]: rights, state: rights });

    const { status, out } = await explain(lab, "run-failed");

    expect([status, out.split("\n")[0]]).toEqual([0, "No such line in the last seven days."]);
  });

  test("says that a log group does not exist", async () => {
    const lab = await open();
    delete lab.logs["archive-calls"];

    const { status, err } = await explain(lab, "days-open");

    expect(status).toBe(2);
    expect(err).toMatch(/^REQUEST_INVALID: There is no log group archive-calls\n/);
  });

  test("finds nothing in a quiet log, and says what the alarm asks for first", async () => {
    const { status, out } = await explain(await open(), "run-failed");

    expect(status).toBe(0);
    expect(out).toMatch(
      /^No such line in the last seven days\.\nFirst: follow facts\.hint [^`]*\nRead: docs\/operations\.md#run-failed\n$/,
    );
  });

  test("shows each line with its time, its function and its code, and an instruction only once", async () => {
    const lab = await open();
    lab.logs["archive-calls"] = failed + failed;
    lab.logs["build-tables"] = failed;

    const { status, out } = await explain(lab, "run-failed");

    expect(status).toBe(1);
    expect(out.split("\n").slice(0, 6)).toEqual([
      "2026-11-06 03:41 UTC  archive-calls  run failed  API_REFUSED",
      "  All were refused. Check the role.",
      "2026-11-06 03:41 UTC  archive-calls  run failed  API_REFUSED",
      "2026-11-06 03:41 UTC  build-tables  run failed  API_REFUSED",
      "  All were refused. Check the role.",
      "",
    ]);
  });

  test("takes an alarm's whole name, and then reads the log of its job alone", async () => {
    const lab = await open();
    lab.logs["archive-calls"] = failed;
    lab.logs["build-tables"] = failed;

    const { out } = await explain(lab, "nightshift-sample-run-failed-build-tables", "--json");

    expect(
      out
        .trim()
        .split("\n")
        .map((each) => JSON.parse(each)),
    ).toEqual([{ function: "build-tables", at, line: JSON.parse(failed) }]);
  });

  test("reads the log of start-run for runs that did not start", async () => {
    const lab = await open();
    lab.logs["start-run"] = line("run not started: the job is paused", { days: 7 });

    const { status, out } = await explain(lab, "paused-too-long");

    expect(status).toBe(1);
    expect(out).toContain("2026-11-06 03:41 UTC  start-run  run not started: the job is paused");
  });

  test("shows what the checks saw of a credential that expires, and what to do", async () => {
    const lab = await open();
    const facts = { check: "JWT", seen: "expires in 12 days", todo: "This week, create a new JWT." };
    lab.logs["check-access"] = line("access warning", facts) + line("access warning", { ...facts, check: "clock" });

    const { status, out } = await explain(lab, "nightshift-sample-credential-expiring-in-14-days");

    expect(out.split("\n").slice(0, 5)).toEqual([
      "2026-11-06 03:41 UTC  check-access  access warning  JWT  expires in 12 days",
      "  This week, create a new JWT.",
      "",
      expect.stringMatching(/^These lines are of the last seven days/),
      expect.stringMatching(/^First: create a new JWT .*nightshift credential put/),
    ]);
    expect(status).toBe(1);
  });

  const dayStatus = (facts: object) => line("day status", { day: "2026-11-04", ...facts });
  const usual = dayStatus({
    status: "open",
    openReasons: ["listing-not-settled", "recordings-pending"],
    openNights: 2,
  });
  const shrunk = ["listing-not-settled", "listing-shrank"];
  test.each([
    ["day-unstable", dayStatus({ status: "closed", settled: "unstable" }), dayStatus({ settled: "agreed" })],
    ["listing-shrank", dayStatus({ status: "open", openReasons: shrunk }), usual],
    ["listing-shrank", dayStatus({ status: "open", openReasons: ["listing-shrank"] }), usual],
    ["days-open", dayStatus({ status: "open", openNights: 7 }), usual],
    [
      "backlog-too-long",
      line("backlog published", { backlogBeyondHorizon: 9 }),
      line("gauges published", { backlogBeyondHorizon: 0 }),
    ],
    [
      "nothing-archived",
      line("day listed", { calls: 5, recordings: 0 }),
      line("day listed", { calls: 5, recordings: 1 }),
    ],
  ])("shows for %s only the lines that it is about", async (alarm, bad, ordinary) => {
    const lab = await open();
    lab.logs["archive-calls"] = ordinary + bad + ordinary;

    const { out } = await explain(lab, alarm, "--json");

    expect(
      out
        .trim()
        .split("\n")
        .map((each) => JSON.parse(each).line),
    ).toEqual([JSON.parse(bad)]);
  });

  test("names the stack in the commands of a line's hint", async () => {
    const lab = await open();
    lab.logs["build-tables"] = line("run failed", {
      code: "X",
      hint: "Run npx nightshift restore --stack <name>: go.",
    });

    const { out } = await explain(lab, "run-failed");

    expect(out).toContain("\n  Run npx nightshift restore --stack sample: go.\n");
  });

  test("looks back seven days and shows the newest twenty lines", async () => {
    const lab = await open();
    const older = line("run failed", { code: "OLD" }, { timestamp: "2026-10-20T03:41:00.000Z" });
    const many = Array.from({ length: 130 }, (_, n) => line("run failed", { code: `N${n}` })).join("");
    lab.logs["archive-calls"] = older + many;

    const { out } = await explain(lab, "run-failed", "--json");

    const codes = out
      .trim()
      .split("\n")
      .map((each) => JSON.parse(each).line.facts.code);
    expect(codes).toEqual(Array.from({ length: 20 }, (_, n) => `N${n + 110}`));
  });

  test.each([
    ...Object.values(jobs).flatMap((job) => ("alarms" in job ? job.alarms.map(({ name }) => name) : [])),
    ...["run-failed", "did-not-run", "start-failed", "paused-too-long", "credential-expiring"],
  ])("knows %s", async (alarm) => {
    expect((await explain(shared(), alarm)).status).toBe(0);
  });
});
