import { jsonOrUndefined } from "../../core/exact-json.ts";
import { BodyError, bodyText } from "./body.ts";

/** Deeper than anything that RingCentral documents. JSON.stringify could not write far deeper values. */
const maxJsonDepth = 100;
const maxErrorBytes = 64 * 1024;

/** Returns a response's JSON. Undefined if it is invalid or too deep, which the caller's schema then rejects. */
export function parseResponseJson(text: string): unknown {
  const value = jsonOrUndefined(text);
  return isDeeperThan(maxJsonDepth, value) ? undefined : value;
}

/** Returns the JSON of an error response. Undefined if it is invalid, longer than 64 KiB, or does not arrive. */
export async function errorJson(response: Response, idleMs: number): Promise<unknown> {
  try {
    return parseResponseJson(await bodyText(response, { bytes: maxErrorBytes, idleMs, textMs: idleMs }));
  } catch (error) {
    if (error instanceof BodyError) return undefined;
    throw error;
  }
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeperThan(levels - 1, part));
}
