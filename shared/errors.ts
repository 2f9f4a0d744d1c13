/** Every way a run can fail, as a stable code for operators, alarms and tests. */
export type ErrorCode =
  | "CONFIG_INVALID"
  | "REQUEST_INVALID"
  | "START_FAILED"
  | "CREDENTIAL_MISSING"
  | "CREDENTIAL_INVALID"
  | "CREDENTIAL_REFUSED"
  | "API_REFUSED"
  | "API_NOT_FOUND"
  | "API_BAD_REQUEST"
  | "API_UNAVAILABLE"
  | "API_BAD_RESPONSE"
  | "API_TOO_LARGE"
  | "NOTHING_FETCHED"
  | "HOST_NOT_ALLOWED"
  | "STORAGE_FAILED"
  | "STORAGE_INVALID"
  | "TEMPORARY_STORAGE_FAILED"
  | "DAYS_INCOMPLETE"
  | "SIGNING_FAILED"
  | "TIME_ZONE_CHANGED"
  | "UNEXPECTED";

export interface JobErrorOptions {
  /** What the operator should do next, in one sentence. */
  readonly hint?: string;
  /** True when the same thing may well succeed later, unchanged. @default false */
  readonly retryable?: boolean;
  /** Facts for the log: status, errorCode, requestId, key. Never a token, a number or a name. */
  readonly details?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly cause?: unknown;
}

/** The one error class: what was being done, what came back, what to do next, under a stable code. */
export class JobError extends Error {
  override readonly name = "JobError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly details: NonNullable<JobErrorOptions["details"]>;

  constructor(code: ErrorCode, message: string, options: JobErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
  }

  /** The error as plain data, for logs and for step results; the cause is left out, it may hold anything. */
  toJSON(): SerializedError {
    const { code, message, hint, retryable, details } = this;
    return { code, message, ...(hint && { hint }), retryable, details };
  }
}

export interface SerializedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly retryable: boolean;
  readonly details: NonNullable<JobErrorOptions["details"]>;
}

/** Any thrown thing as facts that are safe to print: of an error that is not ours only its class is told, its text may quote a secret. */
export function serializeError(thrown: unknown): SerializedError {
  if (thrown instanceof JobError) return thrown.toJSON();
  const kind = thrown instanceof Error ? thrown.name : typeof thrown;
  return {
    code: "UNEXPECTED",
    message: `Something failed that nothing had foreseen (${kind})`,
    hint: "Open an issue with the lines that were logged around this one.",
    retryable: false,
    details: { kind, at: thrown instanceof Error ? firstOwnFrame(thrown) : undefined },
  };
}

/** The inverse of {@link serializeError}, for an error that came out of a stored step result. */
export function deserializeError(facts: SerializedError): JobError {
  const { code, message, ...options } = facts;
  return new JobError(code, message, options);
}

/** Where it was thrown, without the message that a stack begins with. */
function firstOwnFrame(error: Error): string | undefined {
  return error.stack
    ?.split("\n")
    .find((line) => /^\s+at /.test(line))
    ?.trim();
}
