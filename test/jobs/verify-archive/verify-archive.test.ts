import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { createDirectS3 } from "../../../lab/aws/direct-clients.ts";
import { toBody } from "../../../shared/aws/bucket.ts";
import { aggregateKeys } from "../../../shared/core/object-keys.ts";
import { VerificationManifest } from "../../../shared/core/verification-manifest.ts";
import { altered } from "../../support/audit/tamper.ts";
import { smallAccount } from "../../support/collect-analytics/small-account.ts";
import { enterFastWorld } from "../../support/enter-fast-world.ts";
import type { FastRun } from "../../support/fast-run.ts";
import type { FastWorld } from "../../support/fast-world.ts";
import { worldAfter } from "../../support/world-after.ts";

const dayMs = 24 * 3_600_000;
const options = {
  account: { ...smallAccount, calls: { perDay: 6 } },
  environment: { ANALYTICS_GROUPS: "Company", ANALYTICS_METRICS: "allCalls" },
};
const linesOf = ({ logged }: FastRun, message: string) =>
  logged.map((line) => JSON.parse(line)).filter((line) => line.message === message);

/** The reports that are stored, oldest first. */
async function reportsIn({ archive }: FastWorld): Promise<VerificationManifest[]> {
  const reports: VerificationManifest[] = [];
  for await (const { key } of archive.list("verifications/manifests/"))
    reports.push(VerificationManifest.parse(JSON.parse((await archive.get(key))?.body.toString() ?? "")));
  return reports;
}

async function keysIn({ archive }: FastWorld, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of archive.list(prefix)) keys.push(key);
  return keys;
}

async function firstKey(world: FastWorld, prefix: string): Promise<string> {
  const [first] = await keysIn(world, prefix);
  if (first === undefined) throw new Error(`nothing under ${prefix}`);
  return first;
}

/** An archive after two nights, and after the hour within which a run may still note what it has written. */
const archived = worldAfter(options, async (world) => {
  for (let night = 0; night < 2; night++) {
    await world.run("archive-calls");
    await world.run("collect-analytics");
    world.clock.advance(dayMs);
  }
});

/** Puts a delete marker on every object below a prefix. */
async function emptied({ aws, name, archive }: FastWorld, prefix: string): Promise<void> {
  const client = createDirectS3(aws.unsignedHandler);
  for await (const { key } of archive.list(prefix))
    await client.send(new DeleteObjectCommand({ Bucket: `${name}-archive`, Key: key }));
}

async function nextVerification(world: FastWorld): Promise<FastRun> {
  world.clock.advance(dayMs);
  return world.run("verify-archive");
}

describe("a run of verify-archive finds", () => {
  test("a recording that was overwritten, by its key, and says so until it is put right", async () => {
    const world = await archived();
    const key = await firstKey(world, "recordings/");
    const before = await world.archive.get(key);
    await world.archive.put(key, toBody("forged"), "audio/mpeg");

    const run = await nextVerification(world);
    const again = await nextVerification(world);
    await world.archive.put(key, toBody(before?.body ?? ""), "audio/mpeg");
    const mended = await nextVerification(world);

    expect(linesOf(run, "archive altered")).toMatchObject([{ facts: { code: "object-changed", key } }]);
    expect([run, again, mended].map(({ metrics }) => metrics.ArchiveFindings)).toEqual([1, 1, 0]);
    expect(run.report).toMatchObject({ status: "finished", result: { findings: 1 } });
  });

  test("each object that was damaged beneath S3, with the SDK's own client, and ends its report", async () => {
    const world = await archived({ sdk: true });
    const damaged = [await firstKey(world, "recordings/"), ...(await keysIn(world, "manifests/")).slice(-1)];
    for (const key of damaged) await world.aws.alterBytes(`${world.name}-archive`, key, altered);

    const run = await world.run("verify-archive", { request: { parts: 28 } });

    expect(linesOf(run, "archive altered").map(({ facts }) => [facts.code, facts.key])).toEqual(
      expect.arrayContaining([
        ["object-corrupt", damaged[0]],
        [expect.stringMatching(/^manifest-/), damaged[1]],
      ]),
    );
    expect(run.report).toMatchObject({ status: "finished" });
    expect(await reportsIn(world)).toHaveLength(1);
  });

  test("an object that no job writes", async () => {
    const world = await archived();
    await world.archive.put("reports/foo.html", toBody("x"), "text/html");

    expect(linesOf(await nextVerification(world), "archive altered")).toMatchObject([
      { facts: { code: "object-unexpected", key: "reports/foo.html" } },
    ]);
  });

  test("a ledger whose entries were all rewritten since the report before, though the chain is whole", async () => {
    const world = await archived();
    await world.run("verify-archive");
    const [account] = (await reportsIn(world)).map((report) => report.account);
    const prefix = aggregateKeys.calls.ledgerPrefix(account ?? "");
    let previous: string | undefined;
    for await (const { key } of world.archive.list(prefix)) {
      const entry = JSON.parse((await world.archive.get(key))?.body.toString() ?? "");
      const forged = toBody(JSON.stringify({ ...entry, previousSha256: previous, run: "another" }));
      await world.archive.put(key, forged, "application/json");
      previous = forged.sha256;
    }

    const run = await nextVerification(world);

    expect(linesOf(run, "archive altered")).toMatchObject([{ facts: { code: "ledger-anchor-missing" } }]);
  });

  test("a report of its own that was edited, and still writes the next", async () => {
    const world = await archived();
    await world.run("verify-archive");
    const key = await firstKey(world, "verifications/manifests/");
    const text = (await world.archive.get(key))?.body.toString() ?? "";
    await world.archive.put(key, toBody(text.replace('"findingCount": 0', '"findingCount": 9')), "application/json");

    const run = await nextVerification(world);

    expect(linesOf(run, "archive altered")).toMatchObject([{ facts: { code: "manifest-altered", key } }]);
    expect(await reportsIn(world)).toHaveLength(2);
  });

  test("a report that is damaged: it begins its rotation anew, and reports it", async () => {
    const world = await archived();
    await world.run("verify-archive");
    const key = await firstKey(world, "verifications/manifests/");
    await world.archive.put(key, toBody("{"), "application/json");

    const run = await nextVerification(world);

    expect(linesOf(run, "newest report unreadable")).toHaveLength(1);
    expect(linesOf(run, "archive altered")).toMatchObject([{ facts: { code: "manifest-unreadable", key } }]);
    expect(run.report).toMatchObject({ status: "finished" });
  });
});

describe("if one half of a verification fails,", () => {
  test("the other still says what it found, the run fails with the reason, and no report claims that all was verified", async () => {
    const world = await archived();
    await world.archive.put("reports/foo.html", toBody("x"), "text/html");
    const what = { status: 403, code: "AccessDenied" };
    world.aws.plan({ on: { operation: "GetObject", key: /^ledger\// }, times: "always", what });

    const run = await nextVerification(world);
    world.aws.clearFaults();
    const next = await nextVerification(world);

    expect(run.error).toMatchObject({ code: "STORAGE_FAILED" });
    expect(linesOf(run, "archive altered").map(({ facts }) => facts.key)).toContain("reports/foo.html");
    expect(run.metrics.ArchiveFindings).toBeGreaterThan(0);
    expect(next.report).toMatchObject({ status: "finished" });
    expect(await reportsIn(world)).toHaveLength(1);
  });

  test("and nothing was found, the alarm keeps its state: the metric has no value", async () => {
    const world = await archived();
    const what = { status: 403, code: "AccessDenied" };
    world.aws.plan({ on: { operation: "GetObject", key: /^ledger\// }, times: "always", what });

    const run = await nextVerification(world);
    world.aws.clearFaults();

    expect(run.error).toBeDefined();
    expect(run.metrics.ArchiveFindings).toBeUndefined();
  });
});

describe("someone who may write the buckets cannot", () => {
  test("make the night forget its reports by removing them all: the state bucket says that there were some", async () => {
    const world = await archived();
    await world.run("verify-archive");
    await emptied(world, "verifications/");

    const run = await nextVerification(world);

    expect(linesOf(run, "archive altered")).toMatchObject([{ facts: { code: "ledger-missing" } }]);
  });

  test("stop the rotation by a report of the future, or by a position that there is not", async () => {
    const world = await archived();
    await world.run("verify-archive");
    const [report] = await reportsIn(world);
    const forged = { ...report, day: "2099-01-01", rotation: { next: 2 ** 40, owed: 0 } };
    const key = aggregateKeys.verifications.manifest(report?.account ?? "", "2099-01-01");
    await world.archive.put(key, toBody(JSON.stringify(forged)), "application/json");

    await nextVerification(world);
    await nextVerification(world);

    const parts = (await reportsIn(world)).slice(0, 3).flatMap(({ subsets = [] }) => subsets.map(({ part }) => part));
    expect(new Set(parts).size).toBe(3);
    expect(parts.every((part) => part >= 1 && part <= 28)).toBe(true);
  });

  test("hide objects in an account that they have made up", async () => {
    const world = await archived();
    const hidden = "recordings/account=evil/date=2026-11-01/1.mp3";
    await world.archive.put("manifests/account=evil/date=2026-11-01.json", toBody("{}"), "application/json");
    await world.archive.put(hidden, toBody("audio"), "audio/mpeg");

    const run = await nextVerification(world);

    expect(linesOf(run, "archive altered").map(({ facts }) => facts.key)).toContain(hidden);
  });

  test("point the night at another account: what the true one has is then no job's", async () => {
    const world = await archived();
    await world.state.put("accounts/account.json", toBody(JSON.stringify({ id: "8" })), "application/json");

    const run = await nextVerification(world);

    expect(run.metrics.ArchiveFindings).toBeGreaterThan(20);
  });

  test("leave anything in the state bucket that no job writes", async () => {
    const world = await archived();
    for (const key of ["verifications/payload/x.bin", "notes.txt"])
      await world.state.put(key, toBody("x"), "text/plain");

    const run = await nextVerification(world);

    expect(linesOf(run, "archive altered").map(({ facts }) => [facts.bucket, facts.key])).toEqual([
      ["state", "notes.txt"],
      ["state", "verifications/payload/x.bin"],
    ]);
  });
});

describe("what a run may rewrite is judged", () => {
  test.each([
    [59, 0],
    [61, 1],
  ])("%i minutes after it was written: %i findings", async (minutes, findings) => {
    const world = await archived();
    // The newest day is open.
    const keys: string[] = [];
    for await (const { key } of world.archive.list("calls/")) if (key.endsWith("calls.csv")) keys.push(key);
    await world.archive.put(keys.at(-1) ?? "", toBody("forged"), "text/csv");
    world.clock.advance(minutes * 60_000);

    const run = await world.run("verify-archive");

    expect(run.metrics.ArchiveFindings).toBe(findings);
  });
});

describe("a run of verify-archive", () => {
  test("has nothing to verify before any other job has run", async () => {
    const world = await enterFastWorld(options);

    const run = await world.run("verify-archive");

    expect(run.report).toMatchObject({ status: "finished", result: { findings: 0 } });
    expect(linesOf(run, "nothing to verify: no other job has run")).toHaveLength(1);
  });

  test("finds nothing wrong in what the other jobs have written, and keeps a report with the heads of all ledgers", async () => {
    const world = await archived();

    const run = await world.run("verify-archive");

    expect(run.metrics.ArchiveFindings).toBe(0);
    const [report] = await reportsIn(world);
    expect(report).toMatchObject({ status: "closed", findingCount: 0, depth: "bytes", otherDepth: "listing" });
    expect(report?.aggregates.map(({ aggregate }) => aggregate)).toEqual(["calls", "analytics"]);
    for (const { entries, head, objects } of report?.aggregates ?? []) {
      expect(head?.number).toBe(entries);
      expect(objects).toBeGreaterThan(0);
    }
  });

  test("finds nothing wrong while archive-calls is at work", async () => {
    const world = await archived();
    world.clock.advance(dayMs);

    const runs = await world.during(() => Promise.all([world.run("archive-calls"), world.run("verify-archive")]));

    expect(runs[1]?.metrics.ArchiveFindings).toBe(0);
  });

  test("adds each report to a ledger of its own, which the next run verifies", async () => {
    const world = await archived();

    for (let night = 0; night < 3; night++) await nextVerification(world);

    const reports = await reportsIn(world);
    expect(reports).toHaveLength(3);
    expect(reports.at(-1)?.aggregates.at(-1)).toMatchObject({ aggregate: "verifications", entries: 2, days: 2 });
  });

  test("reads every byte once in 28 undisturbed parts, of which a night has one, and an operator may ask for more", async () => {
    const world = await enterFastWorld({ ...options, account: { ...options.account, firstDay: "2026-11-03" } });
    for (const job of ["archive-calls", "collect-analytics"] as const) await world.run(job);
    const runs: FastRun[] = [];
    for (const parts of [undefined, undefined, 8, undefined, 8, undefined, 8]) {
      world.clock.advance(dayMs);
      runs.push(await world.run("verify-archive", parts === undefined ? {} : { request: { parts } }));
    }

    const reports = await reportsIn(world);
    const objects = reports[0]?.aggregates.reduce((sum, each) => sum + each.objects, 0);
    const read = runs.map(({ metrics }) => metrics.ObjectsVerified ?? 0);
    expect(read.reduce((sum, count) => sum + count, 0)).toBe(objects);
    expect(new Set(reports.flatMap(({ subsets = [] }) => subsets.map(({ part }) => part))).size).toBe(28);
  });

  test("writes nothing but its report, its ledger and its own state", async () => {
    const world = await archived();

    const { written } = await world.run("verify-archive");

    const foreign = written.filter((place) => !/^\S+-(?:archive|state)[ /](?:verifications|owners)\//.test(place));
    expect(foreign).toEqual([]);
  });

  test("reads as many parts as an operator asks for", async () => {
    const world = await archived();

    const run = await world.run("verify-archive", { request: { parts: 28 } });

    const [report] = await reportsIn(world);
    const objects = report?.aggregates.reduce((sum, each) => sum + each.objects, 0);
    expect(run.metrics.ObjectsVerified).toBe(objects);
  });
});
