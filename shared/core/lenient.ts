import { isRawJson } from "./exact-json.ts";

/** Values of RingCentral's JSON, each read where it has the documented type; one of another type is a null: no odd record may stop a night. */

/** The member `name` of an object; undefined of anything else. */
export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Ids are opaque texts; a number is one too, however long. */
export function idOf(value: unknown): string | undefined {
  if (isRawJson(value)) return value.rawJSON;
  return typeof value === "number" ? String(value) : textOf(value) || undefined;
}

export function numberOf(value: unknown): number | undefined {
  const number = isRawJson(value) ? Number(value.rawJSON) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

export function booleanOf(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** RFC 3339: with an offset, for without one it is another moment on every computer. */
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** Milliseconds since the epoch. */
export function instantOf(value: unknown): number | undefined {
  const ms = typeof value === "string" && instant.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** RingCentral tells whole seconds, and of newer calls also milliseconds. */
export function secondsOf(part: unknown): number | undefined {
  const ms = numberOf(memberOf(part, "durationMs"));
  return ms === undefined ? numberOf(memberOf(part, "duration")) : ms / 1000;
}
