import { type Bucket, bytesBody, type StoredObject } from "../aws/bucket.ts";
import { type Day, spanOf } from "../core/days.ts";
import { Manifest } from "../core/manifest.ts";
import { archiveKeys, stateKeys } from "../core/object-keys.ts";
import { emptyManifest, reduceManifest } from "../core/reduce-manifest.ts";
import type { SettleRules } from "../core/settling.ts";
import { wrongFields } from "../core/zod-issues.ts";
import { JobError } from "../errors.ts";
import { lastEntered } from "./ledger-file.ts";
import { readOutcomes } from "./outcomes.ts";
import { storedJson } from "./stored-json.ts";

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
  const stored = await readManifest(archive, account, day);
  if (stored) await expectOwn(options, stored);
  if (stored && stored.manifest.timeZone !== timeZone) throw zoneChanged(day, stored.manifest.timeZone, timeZone);
  const events = await readOutcomes(state, account, day, stored?.lastModified);
  const before = stored?.manifest ?? emptyManifest(account, day, timeZone, spanOf(day, timeZone));
  return { stored, manifest: reduceManifest(before, events, rules) };
}

/**
 * Writes the next revision of a manifest over the one that was read; undefined where another write came first. What is
 * about to be written is noted in the state bucket first: the ledger enters nothing that no run has noted there.
 */
export async function writeManifest(
  { archive, state }: Pick<DayStateOptions, "archive" | "state">,
  { stored, manifest }: DayState,
  by: { readonly run: string; readonly at: Date },
): Promise<{ readonly sha256: string; readonly revision: number } | undefined> {
  const next: Manifest = {
    ...manifest,
    revision: manifest.revision + 1,
    ...(stored && { previous: bytesBody(stored.body).sha256 }),
    run: by.run,
    writtenAt: by.at.toISOString(),
  };
  const body = bytesBody(`${JSON.stringify(next, null, 1)}\n`);
  const { account, day, revision } = next;
  const note = bytesBody(JSON.stringify({ day, revision, sha256: body.sha256, run: by.run }));
  await state.put(stateKeys.written(account, day, revision, body.sha256), note, "application/json");
  const key = archiveKeys.manifest(account, day);
  const etag = await archive.replace(key, body, "application/json", stored?.etag);
  return etag === undefined ? undefined : { sha256: body.sha256, revision: next.revision };
}

async function readManifest(archive: Bucket, account: string, day: Day) {
  const key = archiveKeys.manifest(account, day);
  const stored = await archive.get(key);
  if (!stored) return undefined;
  const manifest = parseManifest(stored.body, key);
  // It would be written where another one lies.
  if (manifest.account !== account || manifest.day !== day) throw notAManifest(key, "it is another day's");
  return { ...stored, manifest };
}

/** @throws JobError STORAGE_UNEXPECTED where it is none */
export function parseManifest(body: Buffer, key: string): Manifest {
  const parsed = Manifest.safeParse(storedJson(body));
  if (parsed.success) return parsed.data;
  throw notAManifest(key, wrongFields(parsed.error.issues));
}

function notAManifest(key: string, why: string): JobError {
  return new JobError("STORAGE_UNEXPECTED", `The manifest ${key} is not one: ${why}`, {
    todo: "Restore an earlier version of the object from the bucket's version history.",
    details: { key },
  });
}

/**
 * A manifest that no run has written is nobody's to go on from: the next revision would vouch for it. Should the notes be lost
 * with the state bucket, the ledger tells.
 */
async function expectOwn(
  { archive, state, account }: Pick<DayStateOptions, "archive" | "state" | "account">,
  { body, manifest }: StoredObject & { readonly manifest: Manifest },
): Promise<void> {
  const { day, revision } = manifest;
  const { sha256 } = bytesBody(body);
  if (await state.head(stateKeys.written(account, day, revision, sha256))) return;
  if ((await lastEntered(archive, account, day)) === sha256) return;
  const key = archiveKeys.manifest(account, day);
  throw new JobError("STORAGE_UNEXPECTED", `${key} is not as any run has written it`, {
    todo: "Find out who changed it, and restore the version that the ledger names (npm run verify) from the bucket's version history.",
    details: { key },
  });
}

function zoneChanged(day: Day, was: string, is: string): JobError {
  return new JobError("TIME_ZONE_CHANGED", `The day ${day} was begun in ${was} and the settings now say ${is}`, {
    todo: `Set timeZone back to ${was}; a day's bounds cannot be moved once it has been begun.`,
    details: { day, was, is },
  });
}
