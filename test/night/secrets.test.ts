import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readArchive } from "../../lab/demo/archive-contents.ts";
import { archiveBucket, derivedBucket, stateBucket } from "../../lab/demo/cloud.ts";
import { openWorld, type World } from "../../lab/demo/world.ts";

let opened: World;
beforeAll(async () => {
  opened = await eventfulNight();
});
afterAll(() => opened?.stop());

/** Runs a night in which everything prints: refusals, evictions, broken connections, a failed run, bad requests. */
async function eventfulNight(): Promise<World> {
  const world = await openWorld({
    inMemory: true,
    ringCentral: {
      clientSecret: "s3cr3t/with+odd=signs&more",
      account: { calls: { perDay: 6, recordedShare: 1 } },
      faults: [
        { on: "callLog", what: { status: 401 } },
        { on: "recordingContent", after: 2, what: "evict" },
        { on: "recordingContent", after: 4, what: "jsonAsAudio" },
        { on: "recordingContent", after: 6, what: "cut" },
        { on: "recordingContent", after: 8, what: { status: 404 } },
        { on: "recordingContent", after: 9, what: { status: 503, headers: { "retry-after": "20" } } },
        { on: "recordingContent", after: 11, what: { wrongLength: "chunked" } },
        {
          on: "recordingContent",
          after: 13,
          what: { status: 429, penaltyMs: 60_000, headers: { "retry-after": "60" } },
        },
      ],
    },
  });
  await world.night();
  await world.sendRequest({
    from: world.ringCentral.credential.jwt,
    days: [world.ringCentral.credential.clientSecret],
  });
  world.ringCentral.plan({
    on: "token",
    what: { status: 400, body: { error: "invalid_grant", error_description: world.ringCentral.credential.jwt } },
  });
  world.ringCentral.evictSessions();
  world.clock.advance(24 * 3_600_000);
  await world.night();
  world.ringCentral.plan({ on: "callLog", what: { redirect: "http://localhost:1/steal" } });
  world.clock.advance(2 * 3_600_000);
  await world.run({ days: ["2026-11-02"], relist: true });
  return world;
}

/** Returns everything that Lambda has printed, returned or kept, by kind. */
function outputs({ lambda }: World): [string, string][] {
  const executions = lambda
    .executions()
    .flatMap(({ name, input, result, error, checkpointPayloads }) => [
      [`execution ${name}`, JSON.stringify([input, result, error])] as [string, string],
      ...checkpointPayloads.map((payload, n) => [`checkpoint ${n} of ${name}`, payload] as [string, string]),
    ]);
  return [["logs", lambda.logs()], ...executions];
}

/** Every object with its key, unpacked. */
async function objects({ aws }: World): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for (const bucket of [archiveBucket, stateBucket, derivedBucket]) {
    for await (const { key } of aws.objects(bucket)) {
      const body = await aws.read(bucket, key);
      found.push([`${bucket}/${key}`, key + (key.endsWith(".gz") ? gunzipSync(body) : body).toString("latin1")]);
    }
  }
  return found;
}

function disguises({ ringCentral }: World): string[] {
  const { clientId, clientSecret, jwt } = ringCentral.credential;
  const secrets = [...ringCentral.secrets(), `${clientId}:${clientSecret}`, ...jwt.split(".")];
  return secrets.flatMap((secret) => {
    const bytes = Buffer.from(secret);
    return [
      secret,
      bytes.toString("base64"),
      bytes.toString("base64url"),
      bytes.toString("hex"),
      encodeURIComponent(secret),
    ];
  });
}

test("no log, error, checkpoint, metric, key or object contains a secret, in any encoding", async () => {
  expect(opened.ringCentral.secrets().length).toBeGreaterThan(4);
  expect(opened.lambda.executions().map(({ status }) => status)).toEqual(["SUCCEEDED", "FAILED", "FAILED"]);

  const places = [...outputs(opened), ...(await objects(opened))];
  const leaks = disguises(opened).flatMap((secret) =>
    places.filter(([, text]) => text.includes(secret)).map(([place]) => place),
  );

  expect(places.length).toBeGreaterThan(40);
  expect(leaks).toEqual([]);
});

test("no log, error, checkpoint or metric contains a phone number or a name", async () => {
  const records = Object.values((await readArchive(opened)).calls).flat() as { from?: Party; to?: Party }[];
  const personal = new Set(
    records.flatMap(({ from, to }) =>
      [from?.phoneNumber, from?.name, to?.phoneNumber, to?.name].filter((each) => each !== undefined),
    ),
  );
  const leaks = outputs(opened).flatMap(([place, text]) =>
    [...personal].filter((each) => text.includes(each)).map(() => place),
  );

  expect(personal.size).toBeGreaterThan(20);
  expect(leaks).toEqual([]);
});

interface Party {
  readonly phoneNumber?: string;
  readonly name?: string;
}
