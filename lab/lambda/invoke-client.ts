export interface InvokeOptions {
  /** @default "RequestResponse" */
  readonly type?: "RequestResponse" | "Event" | "DryRun";
  readonly executionName?: string;
}

/** Response of an Invoke, or its refusal. */
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

/** Sends an unsigned Invoke over HTTP, so that tests and scripts need no client. */
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
