import { InvokeCommand, type InvokeCommandInput, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { bundleFixture, type FixtureBundle } from "./fixtures/bundle-fixture.ts";
import type { Line } from "./fixtures/durable.ts";
import type { Task } from "./fixtures/ordinary.ts";
import { startLab } from "./fixtures/start-lab.ts";
import type { LambdaOptions } from "./server.ts";

let ordinary: FixtureBundle;
let durable: FixtureBundle;
beforeAll(async () => {
  [ordinary, durable] = await Promise.all([bundleFixture("ordinary"), bundleFixture("durable")]);
});
afterAll(() => Promise.all([ordinary, durable].map((bundle) => bundle[Symbol.asyncDispose]())));

const tell: Task = { do: "tell" };
const step: readonly Line[] = [{ do: "step", name: "a" }];

/** An unmodified client, and one function of each kind. */
async function startWithClient(options: LambdaOptions = {}) {
  const lab = await startLab(options);
  lab.deploy({ name: "ordinary", dir: ordinary.dir });
  lab.deploy({ name: "durable", dir: durable.dir, durable: { executionTimeoutSeconds: 900 } });
  lab.deploy({ name: "long", dir: durable.dir, durable: { executionTimeoutSeconds: 901 } });
  const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
  const client = new LambdaClient({ endpoint: lab.url, region: "us-east-1", credentials });
  onTestFinished(() => client.destroy());
  const invoke = (FunctionName: string, payload: unknown, rest: Partial<InvokeCommandInput> = {}) =>
    client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload), ...rest }));
  return { lab, client, invoke };
}

const event = { InvocationType: "Event" } as const;
const arn = "arn:aws:lambda:us-east-1:000000000000:function";

test("the invoke API refuses a function, alias or version that does not exist", async () => {
  const { invoke } = await startWithClient();

  for (const name of ["unknown", "ordinary:dead", "ordinary:2", `${arn}:unknown`]) {
    await expect(invoke(name, tell)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  }
});

test("the invoke API refuses to invoke a durable function by its bare name, in any way", async () => {
  const { lab, invoke } = await startWithClient();

  for (const type of ["RequestResponse", "Event", "DryRun"] as const) {
    await expect(invoke("durable", step, { InvocationType: type })).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: "You cannot invoke a durable function using an unqualified ARN.",
    });
  }
  expect(lab.executions()).toEqual([]);
});

test("the invoke API refuses a synchronous invocation of an execution that may last more than 15 minutes", async () => {
  const { lab, invoke } = await startWithClient();

  await expect(invoke("long:live", step)).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  await expect(invoke("durable:live", step)).resolves.toMatchObject({ StatusCode: 200 });

  expect(lab.executions().map((execution) => execution.function)).toEqual(["durable"]);
});

test("the invoke API refuses an execution name that was used with another payload", async () => {
  const { invoke } = await startWithClient();
  const named = { ...event, DurableExecutionName: "night" };
  await invoke("durable:live", step, named);

  await expect(invoke("durable:live", [...step, ...step], named)).rejects.toMatchObject({
    name: "DurableExecutionAlreadyStartedException",
    $metadata: { httpStatusCode: 409 },
  });
});

test("the invoke API knows execution names of the whole account: a name that another function has used is not started again", async () => {
  const { lab, invoke } = await startWithClient();
  const named = { ...event, DurableExecutionName: "night" };
  const first = await invoke("durable:live", step, named);

  const same = await invoke("long:live", step, named);

  expect(same.DurableExecutionArn).toBe(first.DurableExecutionArn);
  await expect(invoke("long:live", [...step, ...step], named)).rejects.toMatchObject({
    name: "DurableExecutionAlreadyStartedException",
  });
  await lab.waitFor("durable", "night");
  expect(lab.executions().map((execution) => execution.function)).toEqual(["durable"]);
});

test("the invoke API refuses an execution name with other characters, or for an ordinary function", async () => {
  const { invoke } = await startWithClient();
  const refused = { name: "InvalidParameterValueException" };

  for (const DurableExecutionName of ["2026-11-03T02:00", "x".repeat(65)]) {
    await expect(invoke("durable:live", step, { DurableExecutionName })).rejects.toMatchObject(refused);
  }
  await expect(invoke("ordinary", tell, { DurableExecutionName: "night" })).rejects.toMatchObject(refused);
});

test("the invoke API refuses payloads that are too large or not JSON", async () => {
  const { client, invoke } = await startWithClient();
  const text = (bytes: number) => "x".repeat(bytes - '""'.length);
  const tooLarge = { name: "RequestTooLargeException", $metadata: { httpStatusCode: 413 } };

  await expect(invoke("ordinary", text(1024 * 1024 + 1), event)).rejects.toMatchObject(tooLarge);
  await expect(invoke("ordinary", text(6 * 1024 * 1024 + 1))).rejects.toMatchObject(tooLarge);
  await expect(invoke("durable:live", text(1024 * 1024 + 1), event)).rejects.toMatchObject(tooLarge);
  await expect(invoke("ordinary", text(1024 * 1024), event)).resolves.toMatchObject({ StatusCode: 202 });
  const noJson = new InvokeCommand({ FunctionName: "ordinary", Payload: "{" });
  await expect(client.send(noJson)).rejects.toMatchObject({ name: "InvalidRequestContentException" });
});

test("the invoke API retries a failing event after one and after two minutes, then keeps its error", async () => {
  const failing: Task = { do: "throw" };
  const { lab, invoke } = await startWithClient({ skipWaits: true });
  const accepted = await invoke("ordinary", failing, event);
  await lab.received(({ type }) => type === "event-discarded");

  expect(accepted.StatusCode).toBe(202);
  expect(lab.invocations().map(({ outcome }) => outcome)).toEqual(Array(3).fill("function-error"));
  const [first = 0, second = 0, third = 0] = lab.invocations().map(({ startedAt }) => startedAt.getTime());
  expect(second - first).toBeGreaterThanOrEqual(60_000);
  expect(third - second).toBeGreaterThanOrEqual(120_000);
  expect(third - first).toBeLessThan(190_000);
  expect(lab.discarded()).toEqual([
    {
      function: "ordinary",
      payload: JSON.stringify(failing),
      attempts: 3,
      error: expect.stringContaining("thrown by the fixture"),
    },
  ]);
});

test("the invoke API starts nothing when the same name comes again with the same payload, even after the end", async () => {
  const { lab, invoke } = await startWithClient();
  const named = { ...event, DurableExecutionName: "night" };

  const first = await invoke("durable:live", step, named);
  const second = await invoke("durable:live", step, named);
  await lab.waitFor("durable", "night");
  const third = await invoke("durable:live", step, named);

  expect([first, second, third].map(({ StatusCode }) => StatusCode)).toEqual([202, 202, 202]);
  expect(new Set([first, second, third].map(({ DurableExecutionArn }) => DurableExecutionArn)).size).toBe(1);
  expect(lab.invocations()).toHaveLength(1);
});

test("the invoke API runs nothing on a dry run", async () => {
  const { lab, invoke } = await startWithClient();

  const responses = [
    await invoke("ordinary", tell, { InvocationType: "DryRun" }),
    await invoke("durable:live", step, { InvocationType: "DryRun" }),
  ];

  expect(responses.map(({ StatusCode }) => StatusCode)).toEqual([204, 204]);
  expect(lab.events).toEqual([]);
});

test("the invoke API returns a durable function's result, or its error, synchronously", async () => {
  const { invoke } = await startWithClient({ skipWaits: true });

  const result = await invoke("durable:live", [
    { do: "wait", seconds: 60 },
    { do: "steps", count: 2 },
  ] as Line[]);
  const failed = await invoke("durable:live", [{ do: "step", name: "huge", bytes: 1_100_000 }] as Line[]);

  expect(result.FunctionError).toBeUndefined();
  expect(JSON.parse(result.Payload?.transformToString() ?? "")).toEqual([null, 2]);
  expect(failed.FunctionError).toBe("Unhandled");
});

test("the invoke API finds a function by its name, alias, version or ARN", async () => {
  const { invoke } = await startWithClient();
  const names = ["ordinary", "ordinary:live", "ordinary:1", "ordinary:$LATEST", `${arn}:ordinary:live`];

  const responses = [];
  for (const name of names) responses.push(await invoke(name, tell));
  responses.push(await invoke("ordinary", tell, { Qualifier: "live" }));

  expect(responses.map(({ FunctionError, ExecutedVersion }) => [FunctionError, ExecutedVersion])).toEqual(
    responses.map(() => [undefined, "1"]),
  );
});

test("the invoke API moves the alias to the newest deployment, and keeps older versions", async () => {
  const { lab, invoke } = await startWithClient();
  lab.deploy({ name: "ordinary", dir: ordinary.dir, environment: { VERSION: "second" } });

  const versions = [await invoke("ordinary:live", tell), await invoke("ordinary:1", tell)];

  expect(versions.map(({ ExecutedVersion }) => ExecutedVersion)).toEqual(["2", "1"]);
});
