/** Text that stands for a number too long to be one. */
export interface RawJson {
  /** Text that stands for a number as it was written (ECMAScript: JSON.rawJSON). */
  readonly rawJSON: string;
}

/** True for a number that was kept as it was written. */
export function isRawJson(value: unknown): value is RawJson {
  return (JSON as unknown as { isRawJSON: (value: unknown) => boolean }).isRawJSON(value);
}

const longNumber = /[-:,[\s]\d{16,}/;

/** JSON.parse that keeps whole numbers beyond 2^53 exact, so that writing the value again gives the same digits. */
export function parseExactJson(text: string): unknown {
  if (!longNumber.test(text)) return JSON.parse(text);
  return JSON.parse(text, keepLongNumber as (key: string, value: unknown) => unknown);
}

function keepLongNumber(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  const exact = typeof value !== "number" || Number.isSafeInteger(value) || !/^-?\d+$/.test(context.source ?? "");
  return exact ? value : (JSON as unknown as { rawJSON: (text: string) => RawJson }).rawJSON(context.source ?? "0");
}
