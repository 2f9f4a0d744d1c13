import {
  CheckpointDurableExecutionCommand,
  GetDurableExecutionCommand,
  GetDurableExecutionHistoryCommand,
  GetDurableExecutionStateCommand,
  LambdaClient,
  ListDurableExecutionsByFunctionCommand,
  type OperationUpdate,
  StopDurableExecutionCommand,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createClock } from "../clock.ts";
import { bundleFixture, type FixtureBundle } from "./fixtures/bundle-fixture.ts";
import { printed, startLab } from "./fixtures/start-lab.ts";

let bundle: FixtureBundle;
beforeAll(async () => {
  bundle = await bundleFixture("ordinary");
});
afterAll(() => bundle[Symbol.asyncDispose]());

/** An execution whose handler hangs, so that a test can speak to the API in its place. */
async function startHanging() {
  const clock = createClock();
  const lab = await startLab({ clock });
  const handler = "index.printEventAndHang";
  lab.deploy({ name: "hanging", dir: bundle.dir, handler, durable: { executionTimeoutSeconds: 3_600 } });
  const started = await lab.invoke("hanging:live", {}, { type: "Event", executionName: "run" });
  const event = await lab.received(printed("event: "));
  const text = event.type === "log" ? event.text : "";
  const { CheckpointToken } = JSON.parse(text.slice("event: ".length));
  const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
  const client = new LambdaClient({ endpoint: lab.url, region: "us-east-1", credentials });
  onTestFinished(() => client.destroy());
  const DurableExecutionArn = started.executionArn ?? "";
  const checkpoint = (token: string, Updates: OperationUpdate[], ClientToken?: string) =>
    client.send(
      new CheckpointDurableExecutionCommand({ DurableExecutionArn, CheckpointToken: token, Updates, ClientToken }),
    );
  return { lab, clock, client, checkpoint, token: String(CheckpointToken), DurableExecutionArn };
}

const step: OperationUpdate = { Id: "1", Type: "STEP", Action: "START", Name: "a" };
const wait: OperationUpdate = { Id: "2", Type: "WAIT", Action: "START", WaitOptions: { WaitSeconds: 60 } };
const stale = { name: "InvalidParameterValueException", message: expect.stringMatching(/^Invalid checkpoint token/) };

test("the durable API refuses a token that is not the current one, also for reading the state", async () => {
  const { client, checkpoint, token, DurableExecutionArn } = await startHanging();

  const { CheckpointToken: next = "" } = await checkpoint(token, [step]);

  await expect(checkpoint(token, [wait])).rejects.toMatchObject(stale);
  const state = (CheckpointToken: string) =>
    client.send(new GetDurableExecutionStateCommand({ DurableExecutionArn, CheckpointToken }));
  await expect(state(token)).rejects.toMatchObject(stale);
  const { Operations = [] } = await state(next);
  expect(Operations.map(({ Type, Status, Name }) => [Type, Status, Name])).toEqual([
    ["EXECUTION", "STARTED", "run"],
    ["STEP", "STARTED", "a"],
  ]);
});

test("the durable API answers a repeated checkpoint as before if it has the same client token", async () => {
  const { lab, checkpoint, token } = await startHanging();

  const first = await checkpoint(token, [step], "once");
  const repeated = await checkpoint(token, [step], "once");

  expect(repeated.CheckpointToken).toBe(first.CheckpointToken);
  expect(lab.executions()[0]?.operations).toBe(2);
  await expect(checkpoint(token, [step], "twice")).rejects.toMatchObject(stale);
});

test("the durable API stores nothing of a checkpoint with one invalid update", async () => {
  const { lab, checkpoint, token } = await startHanging();
  const invalid: OperationUpdate[] = [
    { ...wait, WaitOptions: undefined },
    { ...wait, Id: "1" },
    { ...step, Id: "no good" },
    { ...step, Id: "3", Action: "RETRY" },
  ];

  for (const update of invalid) {
    await expect(checkpoint(token, [step, update])).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  }
  expect(lab.executions()[0]).toMatchObject({ operations: 1, checkpointPayloads: [] });
});

test("the durable API stores 3,000 operations, including the execution itself, and refuses the next", async () => {
  const { lab, checkpoint, token } = await startHanging();
  const steps = Array.from({ length: 2_999 }, (_, n) => ({ ...step, Id: String(n) }));

  const { CheckpointToken: next = "" } = await checkpoint(token, steps);

  await expect(checkpoint(next, [{ ...step, Id: "one-too-many" }])).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: expect.stringContaining("3000 operations"),
  });
  expect(lab.executions()[0]?.operations).toBe(3_000);
});

test("the durable API refuses to change a finished operation", async () => {
  const { checkpoint, token } = await startHanging();
  const done: OperationUpdate = { ...step, Action: "SUCCEED", Payload: "1" };

  const { CheckpointToken: next = "" } = await checkpoint(token, [step, done]);

  await expect(checkpoint(next, [done])).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: expect.stringContaining("SUCCEEDED"),
  });
});

test("the durable API shows what is inside a finished context only on request", async () => {
  const { client, checkpoint, token, DurableExecutionArn } = await startHanging();
  const context = (Name: string, ReplayChildren?: boolean): OperationUpdate[] => {
    const start: OperationUpdate = { Id: Name, Type: "CONTEXT", Action: "START", Name };
    const inside = { ...step, Id: `${Name}-1`, ParentId: Name, Name: `in ${Name}` };
    return [start, inside, { ...start, Action: "SUCCEED", ContextOptions: { ReplayChildren } }];
  };

  const { CheckpointToken } = await checkpoint(token, [...context("usual"), ...context("replayed", true)]);

  const command = new GetDurableExecutionStateCommand({ DurableExecutionArn, CheckpointToken });
  const { Operations = [] } = await client.send(command);
  expect(Operations.map(({ Name }) => Name)).toEqual(["run", "usual", "replayed", "in replayed"]);
});

test("the durable API stops an execution, which then gets no more checkpoints and invocations", async () => {
  const { lab, client, checkpoint, token, DurableExecutionArn } = await startHanging();
  const { CheckpointToken: next = "" } = await checkpoint(token, [wait]);

  await client.send(new StopDurableExecutionCommand({ DurableExecutionArn, Error: { ErrorMessage: "enough" } }));
  await expect(checkpoint(next, [step])).rejects.toMatchObject(stale);
  lab.kill("hanging");

  const stopped = await lab.waitFor("hanging", "run");
  expect(stopped).toMatchObject({ status: "STOPPED", error: { ErrorMessage: "enough" }, operations: 2 });
  const described = await client.send(new GetDurableExecutionCommand({ DurableExecutionArn }));
  expect(described).toMatchObject({ Status: "STOPPED", DurableExecutionName: "run", Version: "1" });
  expect(described.StartTimestamp).toBeInstanceOf(Date);
});

test("the durable API returns to a checkpoint's sender which waits have ended since, without cancelled ones", async () => {
  const { lab, clock, checkpoint, token } = await startHanging();
  const other: OperationUpdate = { ...wait, Id: "3" };
  const { CheckpointToken: second = "" } = await checkpoint(token, [wait, other]);
  const cancelled = await checkpoint(second, [{ ...other, Action: "CANCEL" }]);

  clock.advance(60_000);
  await lab.received((event) => event.type === "due" && event.operationId === "2");
  const ended = await checkpoint(cancelled.CheckpointToken ?? "", []);
  const nothingNew = await checkpoint(ended.CheckpointToken ?? "", []);

  const changes = [cancelled, ended, nothingNew].map(({ NewExecutionState: state }) =>
    state?.Operations?.map(({ Id, Status }) => [Id, Status]),
  );
  expect(changes).toEqual([[["3", "CANCELLED"]], [["2", "SUCCEEDED"]], []]);
  expect(lab.events.filter(({ type }) => type === "due")).toHaveLength(1);
});

test("the durable API does not find an execution that it did not start", async () => {
  const { client, DurableExecutionArn } = await startHanging();
  const unknown = new GetDurableExecutionCommand({ DurableExecutionArn: `${DurableExecutionArn}0` });

  await expect(client.send(unknown)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("the durable API tells what happened in an execution, page by page and in both orders", async () => {
  const { client, clock, checkpoint, token, DurableExecutionArn } = await startHanging();
  clock.advance(1_000);
  const { CheckpointToken: next = "" } = await checkpoint(token, [step]);
  clock.advance(1_000);
  await checkpoint(next, [{ ...step, Action: "SUCCEED", Payload: "7" }, wait]);
  await client.send(new StopDurableExecutionCommand({ DurableExecutionArn, Error: { ErrorMessage: "enough" } }));

  const history = (options: object) =>
    client.send(new GetDurableExecutionHistoryCommand({ DurableExecutionArn, ...options }));
  const { Events = [] } = await history({});
  const first = await history({ MaxItems: 2 });
  const second = await history({ MaxItems: 2, Marker: first.NextMarker });
  const reversed = await history({ ReverseOrder: true, IncludeExecutionData: false });

  const typesOf = (events: typeof Events | undefined) => events?.map(({ EventType }) => EventType);
  const types = ["ExecutionStarted", "StepStarted", "StepSucceeded", "WaitStarted", "ExecutionStopped"];
  expect(typesOf(Events)).toEqual(types);
  expect(Events.map(({ EventId }) => EventId)).toEqual([1, 2, 3, 4, 5]);
  expect([typesOf(first.Events), typesOf(second.Events)]).toEqual([types.slice(0, 2), types.slice(2, 4)]);
  expect(typesOf(reversed.Events)).toEqual(types.toReversed());
  expect(Events[2]).toMatchObject({ Name: "a", StepSucceededDetails: { Result: { Payload: "7" } } });
  expect(Events[3]?.WaitStartedDetails).toMatchObject({ Duration: 60 });
  expect(Events[4]?.ExecutionStoppedDetails?.Error?.Payload?.ErrorMessage).toBe("enough");
  expect(reversed.Events?.[2]?.StepSucceededDetails?.Result?.Payload).toBeUndefined();
});

test("the durable API lists a function's executions, the newest first, by status and name", async () => {
  const { lab, client, clock, DurableExecutionArn } = await startHanging();
  clock.advance(1_000);
  await lab.invoke("hanging:live", {}, { type: "Event", executionName: "second" });
  await client.send(new StopDurableExecutionCommand({ DurableExecutionArn }));

  const list = async (options: object, FunctionName = "hanging") => {
    const command = new ListDurableExecutionsByFunctionCommand({ FunctionName, ...options });
    const { DurableExecutions = [], NextMarker } = await client.send(command);
    return { names: DurableExecutions.map(({ DurableExecutionName }) => DurableExecutionName), NextMarker };
  };

  expect(await list({})).toEqual({ names: ["second", "run"], NextMarker: undefined });
  expect(await list({ MaxItems: 1 })).toEqual({ names: ["second"], NextMarker: "1" });
  expect(await list({ MaxItems: 1, Marker: "1" })).toEqual({ names: ["run"], NextMarker: undefined });
  expect((await list({ Statuses: ["RUNNING"] })).names).toEqual(["second"]);
  expect((await list({ DurableExecutionName: "run" })).names).toEqual(["run"]);
  await expect(list({ Statuses: ["ENDED"] })).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  await expect(list({}, "nobody")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});
