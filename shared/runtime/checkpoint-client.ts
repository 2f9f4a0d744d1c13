import {
  type DurableExecutionClient,
  DurableExecutionClientError,
  DurableExecutionClientErrorScope,
} from "@aws/durable-execution-sdk-js";

/**
 * Returns a client, opened on first use, with which a stale checkpoint token ends the invocation, not the execution: a
 * newer invocation continues it. SDK 2.4.0 expects another spelling than the service sends; remove this once that is
 * fixed. https://github.com/aws/aws-durable-execution-sdk-js/pull/920
 */
export function createCheckpointClient(open: () => DurableExecutionClient): DurableExecutionClient {
  let opened: DurableExecutionClient | undefined;
  const client = () => {
    opened ??= open();
    return opened;
  };
  return {
    getExecutionState: (...request) => client().getExecutionState(...request),
    checkpoint: async (...request) => {
      try {
        return await client().checkpoint(...request);
      } catch (cause) {
        if (!isStaleToken(cause)) throw cause;
        const scope = DurableExecutionClientErrorScope.INVOCATION;
        throw new DurableExecutionClientError(cause.message, { scope, cause });
      }
    },
  };
}

/** The service uses one error name for every bad parameter, so only the message identifies this one. */
function isStaleToken(error: unknown): error is Error {
  return (
    error instanceof Error &&
    error.name === "InvalidParameterValueException" &&
    /^invalid checkpoint token/i.test(error.message)
  );
}
