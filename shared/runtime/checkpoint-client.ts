import {
  type DurableExecutionClient,
  DurableExecutionClientError,
  DurableExecutionClientErrorScope,
} from "@aws/durable-execution-sdk-js";

/**
 * Wraps the client that `open` gives, when it is first used, so that a stale checkpoint token ends the invocation, not the
 * execution: Lambda has begun a newer invocation, which continues. SDK 2.4.0 looks for another spelling than the service's;
 * remove this with a release that has the fix. https://github.com/aws/aws-durable-execution-sdk-js/pull/920
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

/** The service has one error name for every bad parameter: only its words tell this one apart. */
function isStaleToken(error: unknown): error is Error {
  return (
    error instanceof Error &&
    error.name === "InvalidParameterValueException" &&
    /^invalid checkpoint token/i.test(error.message)
  );
}
