import { parseExactJson } from "../../core/exact-json.ts";
import { BodyError, bodyText } from "./body.ts";

/** Deeper than anything that RingCentral documents; what is far deeper, JSON.stringify could not write again. */
const deepest = 100;
const longestError = 64 * 1024;

/** An answer's JSON, or undefined where it is none: whatever schema it meets then says so. */
export function answerJson(text: string): unknown {
  try {
    const value = parseExactJson(text);
    return isDeeperThan(deepest, value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** The JSON of an answer that is an error, or undefined where it is none, is too long for one, or does not come. */
export async function errorJson(response: Response, idleMs: number): Promise<unknown> {
  try {
    return answerJson(await bodyText(response, { bytes: longestError, idleMs, textMs: idleMs }));
  } catch (error) {
    if (error instanceof BodyError) return undefined;
    throw error;
  }
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeperThan(levels - 1, part));
}
