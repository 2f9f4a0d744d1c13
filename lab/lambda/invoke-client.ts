export interface InvokeOptions {
  /** @default "RequestResponse" */
  readonly type?: "RequestResponse" | "Event" | "DryRun";
  readonly executionName?: string;
}

/** What an Invoke answered, refusals included. */
export interface Invocation {
  readonly status: number;
  /** Name of the exception, if the service refused. */
  readonly errorType?: string;
  /** Set if the function failed; `payload` then describes the error. */
  readonly functionError?: string;
  readonly executionArn?: string;
  readonly payload: unknown;
}

type Invoke = (name: string, payload: unknown, options?: InvokeOptions) => Promise<Invocation>;

/** An unsigned Invoke over HTTP, to save tests and scripts a client. */
export function invokeOver(url: string): Invoke {
  return async (name, payload, { type = "RequestResponse", executionName } = {}) => {
    const response = await fetch(`${url}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`, {
      method: "POST",
      body: JSON.stringify(payload),
      headers: {
        "x-amz-invocation-type": type,
        ...(executionName !== undefined && { "x-amz-durable-execution-name": executionName }),
      },
    });
    const text = await response.text();
    return {
      status: response.status,
      errorType: response.headers.get("x-amzn-errortype") ?? undefined,
      functionError: response.headers.get("x-amz-function-error") ?? undefined,
      executionArn: response.headers.get("x-amz-durable-execution-arn") ?? undefined,
      payload: text === "" ? undefined : JSON.parse(text),
    };
  };
}
