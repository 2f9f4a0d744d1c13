/** Longer text is not shown: it may be a token pasted into the wrong field. */
const maxShownLength = 32;

/** More digits may be a phone number, unless they are a date or a time. */
const maxShownDigits = 6;
const datePattern =
  /^"?((19|20)\d{6}|\d{4}([-/.])\d{1,2}\3\d{1,2}([T ][\d:.+Z-]*)?|\d{1,2}([-/.])\d{1,2}\5(19|20)\d\d)"?$/;

/**
 * Returns the end of an error: ` (given: "2026-11-33")` or ` (missing)`. Empty for lists, objects, long text and what
 * looks like a phone number or an e-mail address.
 */
export function given(value: unknown): string {
  if (value === undefined) return " (missing)";
  if (typeof value === "object" && value !== null) return "";
  const text = JSON.stringify(value);
  const isLong = text.length > maxShownLength + '""'.length;
  const isPhoneNumber = text.replaceAll(/\D/g, "").length > maxShownDigits && !datePattern.test(text);
  return isLong || isPhoneNumber || text.includes("@") ? "" : ` (given: ${text})`;
}

/**
 * Schema error that shows the value. Do not use it for fields that may hold a secret, a phone number or an e-mail
 * address.
 */
export function showing(message: string) {
  return { error: ({ input }: { readonly input?: unknown }) => `${message}${given(input)}` };
}

/** Schema error that never shows the value; it says only if the value is missing. */
export function hiding(message: string) {
  return {
    error: ({ input }: { readonly input?: unknown }) => `${message}${input === undefined ? given(input) : ""}`,
  };
}

/** Error of every boolean field. */
export const trueOrFalse = showing("expected true or false");
