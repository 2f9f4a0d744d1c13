import { createHash } from "node:crypto";
import { type Bucket, bytesBody, type StoredObject } from "../aws/bucket.ts";
import { type Day, spanOf } from "../core/days.ts";
import { Manifest } from "../core/manifest.ts";
import { archiveKeys } from "../core/object-keys.ts";
import { emptyManifest, reduceManifest, type SettleRules } from "../core/reduce-manifest.ts";
import { wrongFields } from "../core/zod-issues.ts";
import { JobError } from "../errors.ts";
import { readOutcomes } from "./outcomes.ts";

/** A day's manifest as it is stored, and as it is with everything that has happened since. */
export interface DayState {
  readonly stored: (StoredObject & { readonly manifest: Manifest }) | undefined;
  readonly manifest: Manifest;
}

export interface DayStateOptions {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly account: string;
  readonly timeZone: string;
  readonly rules: SettleRules;
}

/** @throws JobError TIME_ZONE_CHANGED where the day was begun in another time zone */
export async function readDayState(options: DayStateOptions, day: Day): Promise<DayState> {
  const { archive, state, account, timeZone, rules } = options;
  const stored = await readManifest(archive, archiveKeys.manifest(account, day));
  if (stored && stored.manifest.timeZone !== timeZone) throw zoneChanged(day, stored.manifest.timeZone, timeZone);
  const events = await readOutcomes(state, account, day, stored?.lastModified);
  const before = stored?.manifest ?? emptyManifest(account, day, timeZone, spanOf(day, timeZone));
  return { stored, manifest: reduceManifest(before, events, rules) };
}

/** Writes the next revision of a manifest over the one that was read. Returns false where another write came first. */
export async function writeManifest(
  archive: Bucket,
  { stored, manifest }: DayState,
  by: { readonly run: string; readonly at: Date },
): Promise<{ readonly sha256: string; readonly revision: number } | undefined> {
  const next: Manifest = {
    ...manifest,
    revision: manifest.revision + 1,
    ...(stored && { previous: createHash("sha256").update(stored.body).digest("hex") }),
    run: by.run,
    writtenAt: by.at.toISOString(),
  };
  const body = bytesBody(`${JSON.stringify(next, null, 1)}\n`);
  const key = archiveKeys.manifest(manifest.account, manifest.day);
  const version = await archive.replace(key, body, "application/json", stored?.version);
  return version === undefined ? undefined : { sha256: body.sha256, revision: next.revision };
}

async function readManifest(archive: Bucket, key: string) {
  const stored = await archive.get(key);
  if (!stored) return undefined;
  const parsed = Manifest.safeParse(JSON.parse(stored.body.toString()));
  if (parsed.success) return { ...stored, manifest: parsed.data };
  throw new JobError("STORAGE_UNEXPECTED", `The manifest ${key} is not one: ${wrongFields(parsed.error.issues)}`, {
    todo: "Restore an earlier version of the object from the bucket's version history.",
    details: { key },
  });
}

function zoneChanged(day: Day, was: string, is: string): JobError {
  return new JobError("TIME_ZONE_CHANGED", `The day ${day} was begun in ${was} and the settings now say ${is}`, {
    todo: `Set timeZone back to ${was}; a day's bounds cannot be moved once it has been begun.`,
    details: { day, was, is },
  });
}
