import { parseExactJson } from "../core/exact-json.ts";

/** An answer's JSON, or undefined where it is none: whatever schema it meets then says so. */
export function answerJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}
