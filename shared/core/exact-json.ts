/** A JSON integer outside ±(2^53 − 1), kept as its source text. https://tc39.es/proposal-json-parse-with-source/ */
export interface RawJson {
  readonly rawJSON: string;
}

/** True for a number that is kept as text. https://tc39.es/proposal-json-parse-with-source/ */
export function isRawJson(value: unknown): value is RawJson {
  return (JSON as unknown as { isRawJSON: (value: unknown) => boolean }).isRawJSON(value);
}

const longNumber = /[-:,[\s]\d{16,}/;

/**
 * Parses JSON and keeps integers outside ±(2^53 − 1) as {@link RawJson}: `JSON.stringify` then writes the same digits.
 * @throws SyntaxError
 */
export function parseExactJson(text: string): unknown {
  if (!longNumber.test(text)) return JSON.parse(text);
  return JSON.parse(text, keepLongInteger as (key: string, value: unknown) => unknown);
}

/** Does the same, but returns undefined for invalid JSON, so that the caller's schema reports the error. */
export function jsonOrUndefined(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

function keepLongInteger(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  const isExact = typeof value !== "number" || Number.isSafeInteger(value) || !/^-?\d+$/.test(context.source ?? "");
  return isExact ? value : (JSON as unknown as { rawJSON: (text: string) => RawJson }).rawJSON(context.source ?? "0");
}
