export interface AwsErrorExtras {
  readonly headers?: Readonly<Record<string, string>>;
  /** Further elements of S3's error document, such as `ServerTime`. */
  readonly details?: Readonly<Record<string, string>>;
}

/** A refusal in AWS's own words; the SDK shows `code` as the error's name. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, extras: AwsErrorExtras = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = extras.headers ?? {};
    this.details = extras.details ?? {};
  }
}
