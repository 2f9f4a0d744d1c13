import { isRawJson } from "./exact-json.ts";

// Readers of RingCentral's JSON. A value of an undocumented type reads as undefined, so that no record stops a run.

/** Returns an own member of an object; undefined for any other value. */
export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Ids are opaque text; numbers of any length are accepted, but not 1e400, which JSON would store as null. */
export function idOf(value: unknown): string | undefined {
  if (isRawJson(value)) return value.rawJSON;
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : undefined;
  return textOf(value) || undefined;
}

/** Returns a finite number; one of many digits is rounded to the nearest double. */
export function numberOf(value: unknown): number | undefined {
  const number = isRawJson(value) ? Number(value.rawJSON) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

export function booleanOf(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/**
 * RFC 3339 with an offset; without one the instant would depend on the machine's time zone.
 * https://www.rfc-editor.org/rfc/rfc3339
 */
const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** Epoch ms. */
export function instantOf(value: unknown): number | undefined {
  const ms = typeof value === "string" && instantPattern.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
