import { gunzipSync } from "node:zlib";
import type { Bucket } from "../../../shared/aws/bucket.ts";
import { AnalyticsManifest } from "../../../shared/core/analytics/analytics-manifest.ts";
import type { Dataset } from "../../../shared/core/analytics/analytics-query.ts";
import { type AnalyticsValue, parseAnalyticsValues } from "../../../shared/core/analytics/analytics-values.ts";
import { parseExactJson } from "../../../shared/core/exact-json.ts";
import { aggregateKeys, archiveKeys, dayInKey } from "../../../shared/core/object-keys.ts";
import { account } from "./analytics-world.ts";

/** Every manifest of the analytics, by day. */
export async function manifestsIn(archive: Bucket): Promise<ReadonlyMap<string, AnalyticsManifest>> {
  const manifests = new Map<string, AnalyticsManifest>();
  for await (const { key } of archive.list(aggregateKeys.analytics.manifestsPrefix(account))) {
    const { body } = (await archive.get(key)) ?? { body: "" };
    manifests.set(dayInKey(key) ?? "", AnalyticsManifest.parse(JSON.parse(body.toString())));
  }
  return manifests;
}

/** Returns for each day why it is open, or that it is closed. */
export async function standings(archive: Bucket): Promise<Readonly<Record<string, string>>> {
  const manifests = [...(await manifestsIn(archive)).values()];
  return Object.fromEntries(manifests.map(({ day, status, openReasons }) => [day, [status, ...openReasons].join(" ")]));
}

/** Returns the stored lines of a dataset of a day. */
export async function linesOf(archive: Bucket, day: string, part: Dataset): Promise<unknown[]> {
  const stored = await archive.get(archiveKeys.responses(account, day, part));
  if (!stored) throw new Error(`Nothing is stored of ${part.group} ${part.interval} on ${day}`);
  return gunzipSync(stored.body).toString().trimEnd().split("\n").map(parseExactJson);
}

/** Returns the stored numbers of a dataset of a day. */
export async function rowsOf(archive: Bucket, day: string, part: Dataset): Promise<AnalyticsValue[]> {
  const seen = new Set<string>();
  return (await linesOf(archive, day, part)).flatMap((line) => [...parseAnalyticsValues(line, seen)]);
}
