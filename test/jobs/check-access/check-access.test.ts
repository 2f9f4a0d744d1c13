import { describe, expect, test } from "vitest";
import type { AccountPlan } from "../../../lab/ringcentral/account-plan.ts";
import type { Bucket } from "../../../shared/aws/bucket.ts";
import { AccessReport } from "../../../shared/core/access/access-line.ts";
import { stateKeys } from "../../../shared/core/object-keys.ts";
import { jobs } from "../../../shared/jobs.ts";
import { enterFastWorld } from "../../support/enter-fast-world.ts";
import type { FastRun, FastRunOptions } from "../../support/fast-run.ts";
import type { FastWorld, FastWorldOptions } from "../../support/fast-world.ts";

const minuteMs = 60_000;
const account: AccountPlan = { calls: { perDay: 4 } };
const heavy = ["/call-log", "/recording/"];

async function reportOf({ state }: FastWorld): Promise<AccessReport> {
  const stored = await state.get(stateKeys.newestAccessReport);
  return AccessReport.parse(JSON.parse(stored?.body.toString() ?? ""));
}

/** Runs the check as an operator does. Returns the run, and what is not ok. */
async function doctor(world: FastWorld, options: FastRunOptions = {}) {
  const run = await world.run("check-access", { request: {}, ...options });
  const report = await reportOf(world);
  const notOk = report.lines.filter(({ level }) => level !== "ok");
  return { run, report, notOk, brief: notOk.map(({ check, level }) => `${level} ${check}`) };
}

const paths = ({ requests }: FastRun) => requests.map((request) => new URL(request.split(" ")[1] ?? "").pathname);

/** Nobody answers at the server's address. */
const unreachable: FastRunOptions["fetch"] = () => () =>
  Promise.reject(Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } }));

interface Broken extends Pick<FastWorldOptions, "account" | "limits" | "jwtExpiresAt"> {
  readonly what: string;
  readonly run?: FastRunOptions;
  readonly breaks?: (world: FastWorld) => unknown;
  readonly brief: readonly string[];
  readonly seen: string;
  readonly todo: string;
}

/** S3 takes every write, whatever its condition. */
const unconditional = (bucket: Bucket): Bucket => ({
  ...bucket,
  create: (key, body, type) =>
    key === stateKeys.accessProbe ? bucket.put(key, body, type) : bucket.create(key, body, type),
});
const no = { status: 200, body: { successful: false } };
const inDays = (days: number) => new Date(Date.parse("2026-11-04T12:00:00Z") + days * 24 * 60 * minuteMs);

const broken: readonly Broken[] = [
  {
    what: "the secret has no value",
    breaks: ({ aws }) => aws.putSecret("credential", ""),
    brief: ["fault credential"],
    seen: "has no value",
    todo: "put-secret-value",
  },
  {
    what: "the secret is garbage",
    breaks: ({ aws }) => aws.putSecret("credential", '{"clientId":7,"jwt":"x y"}'),
    brief: ["fault credential"],
    seen: "clientId: expected string; clientSecret: expected string; jwt: contains white space",
    todo: "Store it again as JSON",
  },
  {
    what: "the JWT ends in two days",
    jwtExpiresAt: inDays(2),
    brief: ["fault JWT"],
    seen: "expires in 2 days, on 2026-11-06",
    todo: "Today, create a new JWT",
  },
  {
    what: "nothing answers at RingCentral's address",
    run: { fetch: unreachable },
    brief: ["fault RingCentral"],
    seen: "cannot reach https://platform.lab.test: ECONNREFUSED",
    todo: "status.ringcentral.com",
  },
  {
    what: "RingCentral is in maintenance",
    breaks: ({ ringCentral }) => ringCentral().plan({ on: "apiVersions", what: { status: 503 } }),
    brief: ["fault RingCentral"],
    seen: "cannot reach https://platform.lab.test: it answered 503",
    todo: "status.ringcentral.com",
  },
  {
    what: "the client secret is wrong",
    breaks: ({ ringCentral }) => ringCentral().plan({ on: "token", what: { status: 401 } }),
    brief: ["fault login"],
    seen: "OAU-146",
    todo: "copy both again",
  },
  {
    what: "the token endpoint fails",
    breaks: ({ ringCentral }) => ringCentral().plan({ on: "token", what: { status: 503 } }),
    brief: ["warning login"],
    seen: "could not be checked: no login is possible until",
    todo: "Check again in a few minutes.",
  },
  {
    what: "the app lacks a scope, and RingCentral refuses the token",
    account: { scopes: ["ReadAccounts", "ReadCallLog", "ReadCallRecording"] },
    brief: ["fault app scopes"],
    seen: "refused a token with all of Analytics, ReadAccounts, ReadCallLog, ReadCallRecording",
    todo: "Developer Console → your app → Settings → Security: tick all of Analytics, Read Call Log, Read Call Recording;",
  },
  {
    what: "RingCentral refuses the call log",
    breaks: ({ ringCentral }) => ringCentral().plan({ on: "callLog", what: { status: 403 } }),
    brief: ["fault call log"],
    seen: "GET /restapi/v1.0/account/~/call-log answered 403 CMN-408",
    todo: "Company Call Log → View Only",
  },
  {
    what: "RingCentral refuses recordings",
    breaks: ({ ringCentral }) => ringCentral().plan({ on: "recordingContent", what: { status: 403 }, times: "always" }),
    brief: ["fault recordings"],
    seen: "answered 403 CMN-408",
    todo: "Access Recordings and Download & Delivery",
  },
  {
    what: "RingCentral sends JSON where audio is expected",
    breaks: ({ ringCentral }) => ringCentral().plan({ on: "recordingContent", what: "jsonAsAudio", times: "always" }),
    brief: ["warning recordings"],
    seen: "has application/json instead of audio",
    todo: "ask RingCentral's support",
  },
  {
    what: "the account has no analytics",
    account: { analytics: { enabled: false } },
    brief: ["fault analytics"],
    seen: "CMN-109",
    todo: "leave the job out",
  },
  {
    what: "RingCentral's permission check says no to one permission",
    breaks: ({ ringCentral }) =>
      ringCentral().plan({ on: { path: "CallLog", endpoint: "authzProfileCheck" }, what: no, times: "always" }),
    brief: ["warning permission FullCompanyCallLog"],
    seen: "RingCentral's check says no to FullCompanyCallLog, ReadCompanyCallLog",
    todo: "tick Company Call Log → View Only, of the whole company",
  },
  {
    what: "RingCentral's permission check refuses to answer",
    breaks: ({ ringCentral }) =>
      ringCentral().plan({
        on: { path: "CallLog", endpoint: "authzProfileCheck" },
        what: { status: 403 },
        times: "always",
      }),
    brief: ["warning permission FullCompanyCallLog"],
    seen: "gave no answer",
    todo: "No action if the requests below succeed.",
  },
  {
    what: "one check gets nothing but errors",
    breaks: ({ ringCentral }) =>
      ringCentral().plan({ on: "callRecordingSettings", what: { status: 500 }, times: "always" }),
    brief: ["warning call recording"],
    seen: "could not be checked: GET /restapi/v1.0/account/~/call-recording got 500",
    todo: "status.ringcentral.com",
  },
  {
    what: "another program uses the app",
    // RingCentral knows the user and the app since the last login.
    breaks: async (world) => {
      await world.run("check-access");
      await world.pass(5 * minuteMs);
      world.ringCentral().useUp("heavy", 3);
    },
    brief: ["warning rate limit heavy"],
    seen: "10 requests per 60 s, 3 used by another program",
    todo: "an app and a service user of its own",
  },
  {
    what: "the rate limit is used up",
    breaks: async (world) => {
      await world.run("check-access");
      await world.pass(5 * minuteMs);
      world.ringCentral().useUp("heavy", 10);
    },
    brief: ["warning call log", "warning rate limit heavy"],
    seen: "could not be checked: RingCentral answered 429",
    todo: "Check again in a few minutes.",
  },
  {
    what: "RingCentral's time zone differs",
    account: { reportedTimeZone: "Europe/Berlin" },
    brief: ["warning time zone"],
    seen: "America/New_York by the settings, Europe/Berlin at RingCentral",
    todo: "No action if that is meant",
  },
  {
    what: "S3 denies the archive",
    breaks: ({ aws }) =>
      aws.plan({ on: { bucket: "first-archive" }, what: { status: 403, code: "AccessDenied" }, times: "always" }),
    brief: ["fault archive bucket"],
    seen: "HeadObject s3://first-archive/manifests/first-look answered 403",
    todo: "npx cdk diff",
  },
  {
    what: "S3 keeps no condition",
    run: { through: unconditional },
    brief: ["fault state bucket"],
    seen: "replaced an object that exists",
    todo: "Use Amazon S3",
  },
  {
    what: "the machine's clock is five minutes ahead",
    run: { clockErrorMs: 5 * minuteMs },
    brief: ["warning clock"],
    seen: "300 s ahead of S3's clock",
    todo: "go by S3's clock",
  },
];

describe("the report says it and everything else is checked if", () => {
  test.each(broken)("$what", async ({ breaks, run: options, brief, seen, todo, account: plan, ...worldOptions }) => {
    const world = await enterFastWorld({ ...worldOptions, account: { ...account, ...plan } });
    await breaks?.(world);
    const before = Date.now();

    const found = await doctor(world, options);

    expect(found.brief).toEqual(brief);
    expect(found.notOk[0]?.seen).toContain(seen);
    expect(found.notOk[0]?.todo).toContain(todo);
    const faults = brief.filter((each) => each.startsWith("fault")).length;
    expect(found.run.error?.code).toBe(faults > 0 ? "ACCESS_FAULT" : undefined);
    expect(found.run.metrics).toMatchObject({ AccessFaults: faults, AccessWarnings: brief.length - faults });
    // An operator waits for it.
    expect(Date.now() - before).toBeLessThan(15_000);
  });
});

test("a healthy installation is all ok, and the report has the credential's end", async () => {
  const world = await enterFastWorld({ account, jwtExpiresAt: inDays(200) });
  await world.run("archive-calls");
  await world.pass(60 * minuteMs);

  const { run, report, notOk } = await doctor(world);

  expect(notOk).toEqual([]);
  expect(report).toMatchObject({ run: run.run, credentialExpiresAt: inDays(200).toISOString() });
  expect(run.report?.result).toEqual({ ok: report.lines.length, warnings: 0 });
  const seen = Object.fromEntries(report.lines.map((line) => [line.check, line.seen]));
  expect(seen).toMatchObject({
    account: "RingCentral's account 37439510",
    "call recording": "automatic on, kept 90 days, 100,000 at most; on demand on, kept 90 days",
    capacity: "2 new recordings a day, at most 14,400 can be fetched a day",
    "rate limit heavy": "10 requests per 60 s, all of them for Nightshift",
  });
  expect(world.ringCentral().counters().limited).toBe(0);
});

test("only what the deployed jobs need is checked", async () => {
  const world = await enterFastWorld({ account: { ...account, scopes: ["ReadAccounts", "Analytics"] } });

  const { run, notOk } = await doctor(world, { environment: { SCOPES: "Analytics ReadAccounts" } });

  expect(notOk).toEqual([]);
  expect(paths(run).filter((path) => heavy.some((each) => path.includes(each)))).toEqual([]);
});

test("a check beside a night leaves the rate limit to it, logs in no second time and causes no 429", async () => {
  const world = await enterFastWorld({ account: { calls: { perDay: 60 } } });

  const [night, checked] = await world.during(async () => {
    const running = world.run("archive-calls");
    await world.pass(2 * minuteMs);
    return Promise.all([running, doctor(world)]);
  });

  expect(night.report?.status).toBe("finished");
  expect(checked.run.logins).toBe(0);
  expect(checked.notOk).toEqual([]);
  expect(checked.report.lines).toContainEqual(
    expect.objectContaining({ check: "call log", seen: expect.stringContaining("not requested") }),
  );
  const { tokenExchanges, limited } = world.ringCentral().counters();
  expect([tokenExchanges.length, limited]).toEqual([1, 0]);
});

test.each<[string, AccountPlan, string[]]>([
  ["no fault if another comes", account, []],
  [
    "a warning if there is no other",
    {
      calls: { perDay: 0 },
      plannedCalls: [{ id: "a", startTime: "2026-11-03T15:00:00Z", recording: { id: "1" } }],
    },
    ["warning recordings"],
  ],
])("one recording that RingCentral refuses is %s", async (_what, plan, brief) => {
  const world = await enterFastWorld({ account: plan });
  world.ringCentral().plan({ on: "recordingContent", what: { status: 403 } });

  expect((await doctor(world)).brief).toEqual(brief);
});

describe("a scheduled check", () => {
  test("waits while RingCentral is unreachable, and then is all ok", async () => {
    const world = await enterFastWorld({ account });
    const endMs = Date.now() + 20 * minuteMs;
    const fetch: FastRunOptions["fetch"] = (send) => (url, init) =>
      Date.now() < endMs ? Promise.reject(new TypeError("fetch failed")) : send(url, init);

    const run = await world.run("check-access", { fetch });

    expect(run.report?.status).toBe("finished");
    expect((await reportOf(world)).lines.every(({ level }) => level === "ok")).toBe(true);
  });

  test("fails after an hour without RingCentral, and reports it beside what else it saw", async () => {
    const world = await enterFastWorld({ account });

    const run = await world.run("check-access", { fetch: unreachable });

    expect(run.error).toMatchObject({ code: "API_UNAVAILABLE", message: expect.stringContaining("ECONNREFUSED") });
    expect(run.logins).toBe(0);
    expect(run.requests.length).toBeLessThan(30);
    const { lines } = await reportOf(world);
    expect(lines.map(({ check, level }) => `${level} ${check}`)).toEqual([
      ...["ok state bucket", "ok archive bucket", "ok tables bucket", "ok clock", "fault RingCentral"],
    ]);
  });
});

test("neither report nor log contain a secret, a phone number or a name", async () => {
  const world = await enterFastWorld({ account });
  world
    .ringCentral()
    .plan({ on: "callLog", what: { status: 403, body: { message: world.ringCentral().credential.jwt } } });
  const { run } = await doctor(world);
  world.aws.putSecret("credential", `{"jwt":"${world.ringCentral().credential.jwt} x"}`);
  const other = await doctor(world);

  const stored = await Promise.all([run, other.run].map((each) => world.state.get(stateKeys.accessReport(each.run))));
  const texts = [...stored.map((object) => object?.body.toString() ?? ""), ...run.logged, ...other.run.logged];
  const { credential, secrets } = world.ringCentral();
  expect(texts.length).toBeGreaterThan(4);
  for (const secret of [...secrets(), credential.clientId]) expect(texts.join("\n")).not.toContain(secret);
  expect(texts.join("\n")).not.toMatch(/\+1\d{6}/);
});

test("the check needs no scope of its own besides that of the account", () => {
  expect(jobs["check-access"].scopes).toEqual(["ReadAccounts"]);
});

describe("on request, a run revokes the token that all jobs share, and checks nothing:", () => {
  const request = { revoke: true };
  const revocationOf = ({ report }: FastRun) => report?.result;

  test("there is none before the first login", async () => {
    const world = await enterFastWorld({ account });

    const run = await world.run("check-access", { request });

    expect(run.error).toBeUndefined();
    expect(revocationOf(run)).toEqual({ revocation: "none" });
    expect(await world.state.get(stateKeys.newestAccessReport)).toBeUndefined();
  });

  test("RingCentral then refuses it, and the next run logs in again", async () => {
    const world = await enterFastWorld({ account });
    await world.run("archive-calls");
    const { revocations, logins } = counted(world);

    const run = await world.run("check-access", { request });
    const { error } = await world.run("archive-calls");

    expect(revocationOf(run)).toEqual({ revocation: "revoked" });
    // Requests of the login are not among them.
    expect(run.requests).toEqual([]);
    expect([error, counted(world)]).toEqual([undefined, { revocations: revocations + 1, logins: logins + 1 }]);
  });

  const counted = (world: FastWorld) => {
    const { revocations, tokenExchanges } = world.ringCentral().counters();
    return { revocations, logins: tokenExchanges.length };
  };
});
