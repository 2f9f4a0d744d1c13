import type { FunctionVersion } from "./function-settings.ts";

/** Returns the whole environment of a child process: Lambda's variables, and none of this process. */
export function sandboxEnvironment(options: {
  readonly fn: FunctionVersion;
  readonly runtimeApi: string;
  readonly tmp: string;
  readonly shared: Readonly<Record<string, string>>;
}): Record<string, string> {
  const { fn, runtimeApi, tmp, shared } = options;
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    TMPDIR: tmp,
    // Lambda has no such variable, but without it the AWS SDK would read the developer's configuration.
    HOME: tmp,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: fn.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `[${fn.version}]lab`,
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "lab",
    AWS_SECRET_ACCESS_KEY: "lab",
    LAMBDA_TASK_ROOT: fn.dir,
    _HANDLER: fn.handler,
    ...shared,
    ...fn.environment,
  };
}
