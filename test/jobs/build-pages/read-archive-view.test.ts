import { describe, expect, test } from "vitest";
import { type Bucket, toBody } from "../../../shared/aws/bucket.ts";
import type { CallManifest } from "../../../shared/core/calls/call-manifest.ts";
import { emptyCallManifest } from "../../../shared/core/calls/reduce-call-manifest.ts";
import { aggregateKeys } from "../../../shared/core/object-keys.ts";
import { type Day, spanOf } from "../../../shared/core/time/days.ts";
import { verificationAggregate } from "../../../shared/core/verification-manifest.ts";
import { JobError } from "../../../shared/errors.ts";
import { readArchiveView } from "../../../shared/jobs/build-pages/read-archive-view.ts";
import { memoryBucket } from "../../support/storage/memory-bucket.ts";

const account = "7";
const newYork = "America/New_York";
/** Already the 11th in UTC. */
const now = new Date("2026-11-11T02:00:00Z");
const keys = aggregateKeys.calls;

type Given = Partial<Omit<CallManifest, "totals">> & { readonly totals?: Partial<CallManifest["totals"]> };

function manifestOf(day: Day, { totals, ...given }: Given = {}): CallManifest {
  const empty = emptyCallManifest(account, day, newYork, spanOf(day, newYork));
  return { ...empty, status: "closed", openReasons: [], ...given, totals: { ...empty.totals, records: 9, ...totals } };
}

const put = (bucket: Bucket, key: string, text: string) => bucket.put(key, toBody(text), "application/json");

/** Reads the view of an archive with these days; a text stands for a damaged manifest. */
async function viewOf(days: Readonly<Record<Day, Given | string>>, { archive = memoryBucket() } = {}) {
  for (const [day, given] of Object.entries(days)) {
    const text = typeof given === "string" ? given : JSON.stringify(manifestOf(day, given));
    await put(archive, keys.manifest(account, day), text);
  }
  const services = { archive, state: memoryBucket(), now: () => now, stack: "nightshift-acme", timeZone: newYork };
  return readArchiveView(services, account);
}

/** An archive with the report of a night's verification. */
async function verified(report: string | { readonly findingCount: number }) {
  const archive = memoryBucket();
  const empty = verificationAggregate.empty(account, "2026-11-09", newYork, spanOf("2026-11-09", newYork));
  const endedAt = "2026-11-10T10:30:00.000Z";
  const text = typeof report === "string" ? report : JSON.stringify({ ...empty, endedAt, ...report });
  await put(archive, aggregateKeys.verifications.manifest(account, "2026-11-09"), text);
  return { archive };
}

describe("reading how pages show the archive", () => {
  test("passes on that S3 denies the archive", async () => {
    const archive = memoryBucket();
    const denied: Bucket = {
      ...archive,
      get: async () => {
        throw new JobError("STORAGE_FAILED", "GetObject answered 403 AccessDenied");
      },
    };

    await expect(viewOf({ "2026-11-09": {} }, { archive: denied })).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  });

  test("says of an archive without days that there are none, with today's date in its time zone", async () => {
    const view = await viewOf({});

    expect(view).toEqual({
      ...{ sentence: "No calls are archived yet.", at: now, today: "2026-11-10", attention: [] },
      ...{ verification: undefined, days: new Map(), damaged: new Set() },
    });
  });

  test("has the sentence of the status", async () => {
    expect(await viewOf({ "2026-11-09": {} })).toMatchObject({
      ...{ sentence: "Complete to 9 Nov; nothing to do.", today: "2026-11-10", at: now, attention: [] },
    });
  });
});

describe("a day is", () => {
  test.each<[string, string, Given | string]>([
    ["incomplete", "a recording of it is lost", { totals: { lost: 1 } }],
    ["incomplete", "its listing is unstable", { settled: "unstable" }],
    ["incomplete", "its manifest is damaged", "{"],
    ["open", "it is not closed", { status: "open", openReasons: ["recordings-pending"] }],
    ["open", "it is not closed, although a recording is lost", { status: "open", totals: { lost: 1 } }],
    ["complete", "it is closed", { settled: "agreed", totals: { notFound: 2, alreadyDeleted: 3, refused: 1 } }],
  ])("%s when %s", async (state, _why, given) => {
    const { days } = await viewOf({ "2026-11-08": given, "2026-11-09": {} });

    expect([...days]).toEqual([
      ["2026-11-08", state],
      ["2026-11-09", "complete"],
    ]);
  });

  test("known as damaged when its manifest is, and not when a recording is lost", async () => {
    const { damaged } = await viewOf({ "2026-11-07": "{", "2026-11-08": { totals: { lost: 1 } }, "2026-11-09": {} });

    expect([...damaged]).toEqual(["2026-11-07"]);
  });

  test("missing when it is between two days, or before today, and no run has begun it", async () => {
    const { days } = await viewOf({ "2026-11-05": {}, "2026-11-07": {} });

    expect([...days]).toEqual([
      ["2026-11-05", "complete"],
      ["2026-11-06", "missing"],
      ["2026-11-07", "complete"],
      ["2026-11-08", "missing"],
      ["2026-11-09", "missing"],
    ]);
  });
});

describe("what needs attention", () => {
  test("has what the alarm says and what to do first, and the command that explains it for this stack", async () => {
    const { attention } = await viewOf({ "2026-11-09": { totals: { lost: 2 } } });

    expect(attention).toEqual([
      {
        chapter: "recordings-lost",
        act: "RingCentral deleted recordings that Nightshift had seen in time but not fetched. Check whether runs failed or were paused in the weeks before. RingCentral cannot restore these recordings.",
        command: "npx nightshift explain recordings-lost --stack acme",
      },
    ]);
  });

  test("names the stack in the commands that it says", async () => {
    const { attention } = await viewOf({ "2026-11-09": {} }, await verified({ findingCount: 1 }));

    expect(attention).toMatchObject([{ chapter: "archive-altered" }]);
    expect(attention[0]?.act).toContain("See what restore would do: `npx nightshift restore --dry-run --stack acme`.");
  });

  test("names the chapter to read, and the command for the status, where no alarm says what to do", async () => {
    const { attention } = await viewOf({ "2026-11-08": "{", "2026-11-09": {} });

    expect(attention).toEqual([
      {
        chapter: "verifying",
        act: "Read `verifying` in `docs/operations.md`.",
        command: "npx nightshift status --stack acme",
      },
    ]);
  });
});

describe("the last verification", () => {
  test("counts as one finding, at an unknown time, when its report is damaged", async () => {
    const { verification } = await viewOf({ "2026-11-09": {} }, await verified("{"));

    expect(verification).toEqual({ at: undefined, findings: 1 });
  });

  test.each([0, 3])("has its end, and that it found %i", async (findingCount) => {
    const { verification } = await viewOf({ "2026-11-09": {} }, await verified({ findingCount }));

    expect(verification).toEqual({ at: new Date("2026-11-10T10:30:00Z"), findings: findingCount });
  });

  test("is undefined before the first one", async () => {
    expect((await viewOf({ "2026-11-09": {} })).verification).toBeUndefined();
  });
});
