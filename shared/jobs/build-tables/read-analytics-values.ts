import { type AnalyticsValue, parseAnalyticsValues } from "../../core/analytics/analytics-values.ts";
import { parseExactJson } from "../../core/exact-json.ts";
import { JobError } from "../../errors.ts";
import { linesOf } from "../../storage/record-lines.ts";

/** Yields the values of a stored object with one response per line. @throws STORAGE_INVALID when it is damaged */
export async function* readAnalyticsValues(
  chunks: AsyncIterable<Uint8Array>,
  key: string,
): AsyncGenerator<AnalyticsValue> {
  const seen = new Set<string | symbol>();
  for await (const line of linesOf(chunks, key)) if (line) yield* parseAnalyticsValues(jsonIn(line, key), seen);
}

function jsonIn(line: string, key: string): unknown {
  try {
    return parseExactJson(line);
  } catch (cause) {
    throw new JobError("STORAGE_INVALID", `${key} is damaged: a line is not JSON`, {
      cause,
      details: { key },
      hint: "Run npx nightshift restore --stack <name>: it puts back the version that a run wrote.",
    });
  }
}
