/** Stable codes of all errors, for operators, alarms and tests. */
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
  | "ACCESS_FAULT"
  | "NOTHING_FETCHED"
  | "HOST_NOT_ALLOWED"
  | "STORAGE_FAILED"
  | "STORAGE_INVALID"
  | "TEMPORARY_STORAGE_FAILED"
  | "DAYS_INCOMPLETE"
  | "SIGNING_FAILED"
  | "NOTIFY_FAILED"
  | "TIME_ZONE_CHANGED"
  | "UNEXPECTED";

export interface JobErrorOptions {
  /** What the operator should do next: an imperative, or "No action: …". */
  readonly hint?: string;
  /** True if the same request may succeed later. @default false */
  readonly retryable?: boolean;
  /** Facts for the log: status, errorCode, requestId, key. Never a token, a phone number or a person's name. */
  readonly details?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly cause?: unknown;
}

/** The only error class: a stable code, what was done and what came back, and a hint what to do next. */
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

  /** Returns the error as plain data for logs and step results. Omits the cause, which may contain secrets. */
  toJSON(): SerializedError {
    const { code, message, hint, retryable, details } = this;
    return { code, message, ...(hint && { hint }), retryable, details };
  }
}

/** True for a JobError with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly ErrorCode[]): error is JobError {
  return error instanceof JobError && codes.includes(error.code);
}

/** A JobError as JSON, in step results and logs. */
export interface SerializedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly retryable: boolean;
  readonly details: NonNullable<JobErrorOptions["details"]>;
}

/**
 * Serialises any thrown value for logs and step results. Of errors other than JobError it keeps class and first stack frame:
 * library messages may contain secrets.
 */
export function serializeError(thrown: unknown): SerializedError {
  if (thrown instanceof JobError) return thrown.toJSON();
  const kind = thrown instanceof Error ? thrown.name : typeof thrown;
  return {
    code: "UNEXPECTED",
    message: `Unexpected error: ${kind}`,
    hint: "Open an issue with the log lines around this one.",
    retryable: false,
    details: { kind, at: thrown instanceof Error ? firstFrame(thrown) : undefined },
  };
}

/** Returns the JobError of a stored step result; the inverse of {@link serializeError}. */
export function deserializeError(serialized: SerializedError): JobError {
  const { code, message, ...options } = serialized;
  return new JobError(code, message, options);
}

/** Returns the first stack frame, without the message before it. */
function firstFrame(error: Error): string | undefined {
  return error.stack
    ?.split("\n")
    .find((line) => /^\s+at /.test(line))
    ?.trim();
}
