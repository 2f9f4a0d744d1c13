import * as z from "zod/mini";
import { AnalyticsManifest, type DatasetEntry } from "../core/analytics/analytics-manifest.ts";
import { parseAnalyticsValues } from "../core/analytics/analytics-values.ts";
import { parseExactJson } from "../core/exact-json.ts";
import { archiveKeys } from "../core/object-keys.ts";
import { parseManifest } from "../storage/manifest-file.ts";
import { linesOf } from "../storage/record-lines.ts";
import type { AuditedAggregate, ReferencedObject } from "./audited-aggregate.ts";
import { type Finding, finding } from "./findings.ts";

/** Analytics, as they are audited. */
export const auditedAnalytics: AuditedAggregate = {
  name: "analytics",
  read: (body, key) => {
    const manifest = parseManifest({ manifest: AnalyticsManifest }, body, key);
    return { manifest, named: manifest.datasets.flatMap(objectOf) };
  },
  prefixes: (account) => [archiveKeys.responsesPrefix(account)],
  hasMarkers: false,
};

const Line = z.object({ request: z.looseObject({}), response: z.looseObject({}) });

function objectOf({ object, values }: DatasetEntry): ReferencedObject[] {
  return object ? [{ ...object, checkContent: (chunks) => checkAnswers(chunks, object.key, values) }] : [];
}

/** Every line is a response beside its request, and all of them together have the values that the manifest counts. */
async function checkAnswers(chunks: AsyncIterable<Uint8Array>, key: string, counted: number): Promise<Finding[]> {
  const seen = new Set<string>();
  let values = 0;
  let odd = 0;
  for await (const text of linesOf(chunks, key)) {
    const line = text ? lineIn(text) : undefined;
    if (line) for (const _row of parseAnalyticsValues(line, seen)) values++;
    else odd++;
  }
  return [
    ...(odd === 0 ? [] : [finding("object-corrupt", key, `lines that are not a response beside its request: ${odd}`)]),
    ...(values === counted ? [] : [finding("object-changed", key, `it has ${values} values, not ${counted}`)]),
  ];
}

function lineIn(text: string): z.infer<typeof Line> | undefined {
  try {
    return Line.parse(parseExactJson(text));
  } catch {
    return undefined;
  }
}
