import { expect, test } from "vitest";
import { deviations } from "../../lab/ringcentral/conformance/deviations.ts";
import { type DocumentedMember, documentedMembers } from "../../lab/ringcentral/conformance/documented-schema.ts";
import { type JobName, jobsInTurn } from "../../shared/jobs.ts";
import { enterFastWorld } from "../support/enter-fast-world.ts";

interface Operation {
  readonly method: "GET" | "POST";
  readonly path: RegExp;
  /** RingCentral's schemas; `none` where no member is documented. */
  readonly query: string;
  readonly body: string;
}

const none = "none";
const account = String.raw`/restapi/v1\.0/account/[^/]+`;
const analytics = "/analytics/calls/v1/accounts/[^/]+";

/** Every operation that the product requests: RingCentral's API reference, by `@rc-ex/core`. */
const operations: readonly Operation[] = [
  { method: "POST", path: /^\/restapi\/oauth\/token$/, query: none, body: "GetTokenRequest" },
  { method: "GET", path: /^\/restapi$/, query: none, body: none },
  { method: "GET", path: new RegExp(`^${account}$`), query: none, body: none },
  { method: "GET", path: new RegExp(`^${account}/call-recording$`), query: none, body: none },
  {
    method: "GET",
    path: new RegExp(`^${account}/extension/~/authz-profile/check$`),
    query: "CheckUserPermissionParameters",
    body: none,
  },
  { method: "GET", path: new RegExp(`^${account}/call-log$`), query: "ReadCompanyCallLogParameters", body: none },
  { method: "GET", path: new RegExp(`^${account}/recording/[^/]+/content$`), query: none, body: none },
  {
    method: "POST",
    path: new RegExp(`^${analytics}/aggregation/fetch$`),
    query: "AnalyticsCallsAggregationFetchParameters",
    body: "AggregationRequest",
  },
  {
    method: "POST",
    path: new RegExp(`^${analytics}/timeline/fetch$`),
    query: "AnalyticsCallsTimelineFetchParameters",
    body: "TimelineRequest",
  },
];

/** Members of the reference that exist because it writes alternatives as one schema. */
const alternatives = new Set([
  // Beside groupBy, which says by what; the other says by whose members.
  "AggregationRequest.grouping lacks groupByMembers",
  "TimelineRequest.grouping lacks groupByMembers",
  // Of the other grant types.
  "GetTokenRequest lacks code",
  "GetTokenRequest lacks refresh_token",
]);

/** Returns deviations of a request from RingCentral's documentation; `operation` is undefined for an unknown URL. */
async function check(request: Request): Promise<{ readonly operation?: Operation; readonly found: readonly string[] }> {
  const { pathname, searchParams } = new URL(request.url);
  const operation = operations.find(({ method, path }) => method === request.method && path.test(pathname));
  if (!operation) return { found: [`${request.method} ${pathname} is not documented`] };
  const body = await request.text();
  const isForm = request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded");
  const found = [
    ...deviationsOfForm(searchParams, operation.query),
    ...(isForm ? deviationsOfForm(new URLSearchParams(body), operation.body) : deviationsOfBody(body, operation.body)),
  ];
  return { operation, found: found.filter((each) => !alternatives.has(each)) };
}

function deviationsOfBody(body: string, schema: string): readonly string[] {
  if (schema !== none) return deviations(JSON.parse(body), schema);
  return body === "" ? [] : ["a body, where none is documented"];
}

function deviationsOfForm(form: URLSearchParams, schema: string): readonly string[] {
  if (schema === none) return [...form.keys()].map((name) => `${name}, where no parameter is documented`);
  const members = new Map(documentedMembers(schema).map((member) => [member.name, member]));
  return deviations(
    Object.fromEntries(
      [...new Set(form.keys())].map((name) => [name, typedValue(form.getAll(name), members.get(name))]),
    ),
    schema,
  );
}

/** Returns the value that the text represents, or the text. */
function typedValue(texts: readonly string[], member: DocumentedMember | undefined): unknown {
  const values = texts.map((text) => {
    const scalar = member && "scalar" in member.type ? member.type.scalar : "string";
    if (scalar === "number" && /^\d+$/.test(text)) return Number(text);
    if (scalar === "boolean" && /^(true|false)$/.test(text)) return text === "true";
    return text;
  });
  return member?.list || values.length > 1 ? values : values[0];
}

const requests: readonly (readonly [JobName, object])[] = [
  ...jobsInTurn.map((job) => [job, {}] as const),
  ["collect-analytics", { days: ["2026-11-02", "2026-11-03"], groups: ["Users", "IVRs"] }],
  ["archive-calls", { days: ["2026-11-02"], relist: true }],
];

/** One day has two pages. */
const company = {
  firstDay: "2026-11-02",
  calls: { perDay: (date: string) => (date === "2026-11-02" ? 6 : 4), recordedShare: 0.5 },
  callLog: { maxPerPage: 5 },
  organisation: { users: 3, queues: 2, ivrs: 2, sites: 1, departments: 1, sharedLines: 1, userGroups: 1 },
};

test("every request of every job has only members, types and words that RingCentral documents", async () => {
  const world = await enterFastWorld({ account: company });
  const checks: Promise<{ readonly operation?: Operation; readonly found: readonly string[] }>[] = [];
  const checking =
    (send: typeof fetch): typeof fetch =>
    (input, init) => {
      checks.push(check(new Request(input, init)));
      return send(input, init);
    };

  const runs = [];
  for (const [job, request] of requests) runs.push(await world.run(job, { request, fetch: checking }));

  expect(runs.map(({ report, error }) => report?.status ?? error)).toEqual(requests.map(() => "finished"));
  const checked = await Promise.all(checks);
  expect(new Set(checked.flatMap(({ found }) => found))).toEqual(new Set());
  expect(operations.filter((each) => !checked.some(({ operation }) => operation === each))).toEqual([]);
});

test.each([
  ["GET", "/restapi/v1.0/account/~/call-log?view=Full", "view"],
  ["GET", "/restapi/v1.0/account/~/call-log?perPage=max", "perPage"],
  ["GET", "/restapi/v1.0/account/~/call-log?perpage=100", "perpage"],
  ["GET", "/restapi/v1.0/account/~/call-recording?page=1", "page"],
  ["GET", "/restapi/v1.0/account/~/calls", "/calls"],
])("%s %s is reported as a deviation from the documentation", async (method, path, expected) => {
  const { found } = await check(new Request(`https://platform.lab.test${path}`, { method }));

  expect(found).toEqual([expect.stringContaining(expected)]);
});
