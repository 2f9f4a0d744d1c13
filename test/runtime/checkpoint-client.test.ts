import type { DurableExecutionClient } from "@aws/durable-execution-sdk-js";
import { describe, expect, test } from "vitest";
import { createCheckpointClient } from "../../shared/runtime/checkpoint-client.ts";

const request = { DurableExecutionArn: "arn", CheckpointToken: "token", Updates: [] };

function clientThat(outcome: () => Promise<never>): DurableExecutionClient {
  return { checkpoint: outcome, getExecutionState: outcome };
}

function refused(message: string, name = "InvalidParameterValueException"): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });
}

describe("a checkpoint that the service refuses", () => {
  test.each(["Invalid checkpoint token", "Invalid Checkpoint Token: it is not the current one."])(
    "ends only the invocation if its token is stale (%s)",
    async (message) => {
      const cause = refused(message);
      const client = createCheckpointClient(() => clientThat(() => Promise.reject(cause)));

      await expect(client.checkpoint(request)).rejects.toMatchObject({
        isDurableExecutionClientError: true,
        scope: "INVOCATION",
        message,
        cause,
      });
    },
  );

  test.each([
    ["another parameter is wrong", refused("The update 1 is not valid: invalid checkpoint token")],
    ["the error has another name", refused("Invalid checkpoint token", "ValidationException")],
    ["the service is away", new Error("connect ECONNREFUSED")],
  ])("is left to the SDK's own rules if %s", async (_case, error) => {
    const client = createCheckpointClient(() => clientThat(() => Promise.reject(error)));

    await expect(client.checkpoint(request)).rejects.toBe(error);
  });
});

test("the state of an execution and valid checkpoints pass unchanged, through a client that is opened once and lazily", async () => {
  const responses = {
    state: { Operations: [] },
    checkpoint: { CheckpointToken: "next", NewExecutionState: { Operations: [] } },
  };
  let opened = 0;
  const client = createCheckpointClient(() => {
    opened++;
    return { getExecutionState: async () => responses.state, checkpoint: async () => responses.checkpoint };
  });

  expect(opened).toBe(0);
  expect(await client.getExecutionState({ DurableExecutionArn: "arn", CheckpointToken: "token", Marker: "" })).toBe(
    responses.state,
  );
  expect(await client.checkpoint(request)).toBe(responses.checkpoint);
  expect(opened).toBe(1);
});
