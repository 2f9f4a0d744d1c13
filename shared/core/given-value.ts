/** Longer texts are not shown: they may be a token that was pasted into the wrong place. */
const maxShownLength = 32;

/** More digits than these may be a phone number, unless they are a date or a time. */
const maxShownDigits = 6;
const dated = /^"?((19|20)\d{6}|\d{4}([-/.])\d{1,2}\3\d{1,2}([T ][\d:.+Z-]*)?|\d{1,2}([-/.])\d{1,2}\5(19|20)\d\d)"?$/;

/**
 * What a complaint says of the value it is about: ` (given: "2026-11-33")`, or ` (missing)`. Nothing of lists and objects,
 * of long texts, and of what looks like a phone number or an e-mail address.
 */
export function given(value: unknown): string {
  if (value === undefined) return " (missing)";
  if (typeof value === "object" && value !== null) return "";
  const text = JSON.stringify(value);
  const isLong = text.length > maxShownLength + '""'.length;
  const isPhoneNumber = text.replaceAll(/\D/g, "").length > maxShownDigits && !dated.test(text);
  return isLong || isPhoneNumber || text.includes("@") ? "" : ` (given: ${text})`;
}

/** Lets a schema's complaint show the value. Not for fields that may hold a secret, a phone number or an address. */
export function showing(complaint: string) {
  return { error: ({ input }: { readonly input?: unknown }) => `${complaint}${given(input)}` };
}

/** The same for fields whose values are never shown: the complaint tells no more than that the value is missing. */
export function hiding(complaint: string) {
  return {
    error: ({ input }: { readonly input?: unknown }) => `${complaint}${input === undefined ? given(input) : ""}`,
  };
}

/** The complaint of every field that is a switch. */
export const trueOrFalse = showing("expected true or false");
