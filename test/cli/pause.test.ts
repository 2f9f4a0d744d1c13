import { describe, expect, test } from "vitest";
import { jobs } from "../../shared/jobs.ts";
import { archiveName } from "../support/audit/archive-lab.ts";
import { servedSample } from "../support/audit/sample-archive.ts";
import { loggedIn, nightshift } from "../support/cli/run-nightshift.ts";

const { open } = servedSample();
type Lab = Awaited<ReturnType<typeof open>>;
const command = (lab: Lab, ...args: readonly string[]) => nightshift([...args, "--stack", "sample"], loggedIn(lab));
const recordOf = async ({ aws }: Lab, job: string) =>
  JSON.parse((await aws.read("state", `pauses/${job}.json`)).toString());

describe("nightshift pause", () => {
  test("writes nothing if one of the names is no job", async () => {
    const lab = await open();

    const { status, err } = await command(lab, "pause", "archive-calls", "tables");

    expect(status).toBe(2);
    expect(err).toMatch(
      /^REQUEST_INVALID: The stack nightshift-sample has no job tables\n.*Did you mean build-tables\?\n$/,
    );
    expect(lab.aws.describe("state", "pauses/archive-calls.json")).toBeUndefined();
  });

  test("names the rights that the login needs", async () => {
    const lab = await open();
    const rights = { gets: [""], puts: [], lists: [""] };
    lab.aws.setRights({ [archiveName]: rights, state: rights });

    const { status, err } = await command(lab, "pause");

    expect(status).toBe(2);
    expect(err).toMatch(
      /^REQUEST_INVALID: AWS does not let this login write pauses\/ in the state bucket\nAllow it .*s3:PutObject/,
    );
  });

  test("holds back Ctrl-C until every job is paused", async () => {
    const lab = await open();
    const before: string[] = [];
    let out = "";

    await nightshift(["pause", "--stack", "sample"], loggedIn(lab), {
      write: (text) => {
        out += text;
      },
      deferInterrupt: async (work) => {
        before.push(out);
        return work().finally(() => before.push(out));
      },
    });

    expect(before[0]).toBe("");
    expect(before[1]?.match(/ is paused\.$/gm)).toHaveLength(Object.keys(jobs).length);
  });

  test("pauses the named jobs, and says how to resume; once more it says since when", async () => {
    const lab = await open();

    const first = await command(lab, "pause", "archive-calls");
    const again = await command(lab, "pause", "archive-calls", "--json");
    expect(lab.aws.describe("state", "pauses/build-tables.json")).toBeUndefined();
    const all = await command(lab, "pause");

    expect(first.out.split("\n").slice(0, 2)).toEqual([
      "archive-calls is paused.",
      "To have it start by itself again: npx nightshift resume archive-calls --stack sample",
    ]);
    expect(await recordOf(lab, "archive-calls")).toMatchObject({ isPaused: true });
    const { since } = await recordOf(lab, "archive-calls");
    expect(JSON.parse(again.out)).toEqual({ job: "archive-calls", isPaused: true, since, isNew: false });
    expect(all.out).toContain("\nNothing starts by itself until: npx nightshift resume --stack sample\n");
    expect([first.status, again.status]).toEqual([0, 0]);
  });
});

describe("nightshift resume", () => {
  test("resumes every job, says which were not paused, and what happens next", async () => {
    const lab = await open();
    await command(lab, "pause", "archive-calls");

    const { status, out } = await command(lab, "resume");
    const [, ...others] = Object.keys(jobs);

    expect(out.split("\n")).toEqual([
      "archive-calls is resumed.",
      ...others.map((job) => `${job} is not paused.`),
      "The next night does what was missed.",
      "",
    ]);
    expect(await recordOf(lab, "archive-calls")).toMatchObject({ isPaused: false });
    expect(status).toBe(0);
  });
});
