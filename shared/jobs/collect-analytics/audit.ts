import * as z from "zod/mini";
import { AnalyticsManifest, type DatasetEntry } from "../../core/analytics/analytics-manifest.ts";
import { parseAnalyticsValues } from "../../core/analytics/analytics-values.ts";
import type { AuditedAggregate, ReferencedObject } from "../../core/audited-aggregate.ts";
import { jsonOrUndefined } from "../../core/exact-json.ts";
import { type Finding, finding } from "../../core/finding.ts";
import { archiveKeys } from "../../core/object-keys.ts";
import { parseManifest } from "../../storage/manifest-file.ts";
import { linesOf } from "../../storage/record-lines.ts";

/** How analytics are audited. */
export const audited: AuditedAggregate = {
  name: "analytics",
  parse: (body, key) => {
    const manifest = parseManifest({ manifest: AnalyticsManifest }, body, key);
    return { manifest, references: manifest.datasets.flatMap(referencedObject) };
  },
  isRewritten: () => true,
  prefixes: (account) => [archiveKeys.responsesPrefix(account)],
};

const Line = z.object({ request: z.looseObject({}), response: z.looseObject({}) });

function referencedObject({ object, values }: DatasetEntry): ReferencedObject[] {
  return object ? [{ ...object, checkContent: (chunks) => checkResponses(chunks, object.key, values) }] : [];
}

/** Checks that every line holds a request and its response, and that all lines have as many values as the manifest says. */
async function checkResponses(chunks: AsyncIterable<Uint8Array>, key: string, expected: number): Promise<Finding[]> {
  const seen = new Set<string>();
  let values = 0;
  let invalidLines = 0;
  for await (const text of linesOf(chunks, key)) {
    const line = Line.safeParse(jsonOrUndefined(text)).data;
    if (line) for (const _value of parseAnalyticsValues(line, seen)) values++;
    else invalidLines++;
  }
  return [
    ...(invalidLines === 0
      ? []
      : [finding("object-corrupt", key, `lines without an API request and its response: ${invalidLines}`)]),
    ...(values === expected
      ? []
      : [finding("object-changed", key, `it has ${values} values, its manifest says ${expected}`)]),
  ];
}
