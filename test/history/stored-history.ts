import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as z from "zod";
import { toBody } from "../../shared/aws/bucket.ts";
import { enterFastWorld } from "../support/enter-fast-world.ts";
import type { FastWorld, FastWorldOptions } from "../support/fast-world.ts";
import { accountOf, recordedCalls } from "../support/recorded-calls.ts";

export const days = ["2026-11-01", "2026-11-02", "2026-11-03"] as const;

/** The company of every stored history, as a night's world. It must not change: it stands for what an account has. */
export const company: FastWorldOptions = {
  start: new Date("2026-11-03T08:30:00Z"),
  account: accountOf(...days.flatMap((day) => recordedCalls(day, 3))),
  environment: { ANALYTICS_GROUPS: "Company" },
};

/** One object of a bucket. */
const StoredObject = z.object({
  bucket: z.enum(["archive", "state", "derived"]),
  key: z.string(),
  contentType: z.string(),
  /** ISO 8601. */
  lastModified: z.string(),
  /** Base64. */
  body: z.string(),
});
type StoredObject = z.infer<typeof StoredObject>;

/** All objects of the three buckets after two nights of {@link company}, as one version of the product has left them. */
export const StoredHistory = z.object({ now: z.string(), objects: z.array(StoredObject) });
export type StoredHistory = z.infer<typeof StoredHistory>;

/** Returns the file of a version's history. */
export function historyFile(version: string): string {
  return join(import.meta.dirname, `${version}.json.gz`);
}

export function readHistory(version: string): StoredHistory {
  return StoredHistory.parse(JSON.parse(gunzipSync(readFileSync(historyFile(version))).toString()));
}

/** Reads all objects of a world, in the order in which they were written. */
export async function takeHistory(world: FastWorld): Promise<StoredHistory> {
  const objects: StoredObject[] = [];
  for (const bucket of ["archive", "state", "derived"] as const) {
    for await (const { key, lastModified } of world[bucket].list("")) {
      const [stored, metadata] = [await world[bucket].get(key), await world[bucket].head(key)];
      objects.push({
        ...{ bucket, key, contentType: metadata?.contentType ?? "", lastModified: lastModified.toISOString() },
        body: stored?.body.toString("base64") ?? "",
      });
    }
  }
  objects.sort((a, b) => Date.parse(a.lastModified) - Date.parse(b.lastModified));
  return { now: new Date(world.clock.now()).toISOString(), objects };
}

/** Opens the company's world at the time of a history, with all its objects at their own times. */
export async function enterHistory({ now, objects }: StoredHistory): Promise<FastWorld> {
  const [first] = objects;
  const world = await enterFastWorld({ ...company, start: new Date(first?.lastModified ?? now) });
  for (const { bucket, key, contentType, lastModified, body } of objects) {
    world.clock.advance(Math.max(0, Date.parse(lastModified) - world.clock.now()));
    await world[bucket].put(key, toBody(Buffer.from(body, "base64")), contentType);
  }
  world.clock.advance(Math.max(0, Date.parse(now) - world.clock.now()));
  return world;
}
