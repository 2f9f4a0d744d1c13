import * as z from "zod/mini";
import { AnalyticsManifest, type PartEntry } from "../core/analytics/analytics-manifest.ts";
import { parseAnalyticsValues } from "../core/analytics/analytics-values.ts";
import { parseExactJson } from "../core/exact-json.ts";
import { archiveKeys } from "../core/object-keys.ts";
import { parseManifest } from "../storage/manifest-file.ts";
import { linesOf } from "../storage/record-lines.ts";
import type { AuditedBook, NamedObject } from "./audited-aggregate.ts";
import { type Finding, finding } from "./findings.ts";

/** Analytics, as they are audited. */
export const auditedAnalytics: AuditedBook = {
  name: "analytics",
  read: (body, key) => {
    const manifest = parseManifest({ manifest: AnalyticsManifest }, body, key);
    return { manifest, named: manifest.groups.flatMap(objectOf) };
  },
  prefixes: (account) => [archiveKeys.allAnswers(account)],
  hasMarkers: false,
};

const Line = z.object({ request: z.looseObject({}), answer: z.looseObject({}) });

function objectOf({ object, numbers }: PartEntry): NamedObject[] {
  return object ? [{ ...object, lookInside: (chunks) => checkAnswers(chunks, object.key, numbers) }] : [];
}

/** Every line is an answer beside its request, and all of them together have the numbers that the manifest counts. */
async function checkAnswers(chunks: AsyncIterable<Uint8Array>, key: string, counted: number): Promise<Finding[]> {
  const seen = new Set<string>();
  let numbers = 0;
  let odd = 0;
  for await (const text of linesOf(chunks, key)) {
    const line = text ? lineIn(text) : undefined;
    if (line) for (const _row of parseAnalyticsValues(line, seen)) numbers++;
    else odd++;
  }
  return [
    ...(odd === 0 ? [] : [finding("object-damaged", key, `lines that are no answer beside its request: ${odd}`)]),
    ...(numbers === counted ? [] : [finding("object-differs", key, `it has ${numbers} numbers, not ${counted}`)]),
  ];
}

function lineIn(text: string): z.infer<typeof Line> | undefined {
  try {
    return Line.parse(parseExactJson(text));
  } catch {
    return undefined;
  }
}
