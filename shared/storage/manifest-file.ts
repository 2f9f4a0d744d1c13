import type * as z from "zod/mini";
import { type Bucket, type StoredObject, toBody } from "../aws/bucket.ts";
import type { DayAggregate } from "../core/day-aggregate.ts";
import type { DayManifest } from "../core/day-manifest.ts";
import { fieldErrorText } from "../core/field-errors.ts";
import { aggregateKeys, parseIntentKey, type WriteIntent } from "../core/object-keys.ts";
import { type Day, spanOf } from "../core/time/days.ts";
import { JobError } from "../errors.ts";
import { readEvents } from "./day-events.ts";
import { lastManifestInLedger } from "./ledger-file.ts";
import { storedJson } from "./stored-json.ts";

/** A day's manifest as it is stored, and as it is with everything that has happened since. */
export interface DayState<M> {
  readonly stored: (StoredObject & { readonly manifest: M }) | undefined;
  readonly manifest: M;
}

/** Where a aggregate is kept. */
export interface ManifestStorage<M extends DayManifest, E> {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly aggregate: DayAggregate<M, E>;
}

export interface DayStateOptions<M extends DayManifest, E> extends ManifestStorage<M, E> {
  readonly account: string;
  readonly timeZone: string;
}

/** @throws JobError TIME_ZONE_CHANGED where the day was begun in another time zone */
export async function readDayState<M extends DayManifest, E>(
  options: DayStateOptions<M, E>,
  day: Day,
): Promise<DayState<M>> {
  const { account, timeZone, aggregate } = options;
  const stored = await readManifest(options, day);
  if (stored) await rejectForeignManifest(options, stored);
  if (stored && stored.manifest.timeZone !== timeZone) throw zoneChanged(day, stored.manifest.timeZone, timeZone);
  const events = await readEvents(options, { account, day }, stored?.lastModified);
  const before = stored?.manifest ?? aggregate.empty(account, day, timeZone, spanOf(day, timeZone));
  return { stored, manifest: aggregate.reduce(before, events) };
}

/**
 * Writes the next revision of a manifest over the one that was read; undefined where another write came first. What is
 * about to be written is noted in the state bucket first: the ledger enters nothing that no run has noted there.
 */
export async function writeManifest<M extends DayManifest, E>(
  { archive, state, aggregate }: ManifestStorage<M, E>,
  { stored, manifest }: DayState<M>,
  by: { readonly run: string; readonly at: Date },
): Promise<{ readonly sha256: string; readonly revision: number } | undefined> {
  const keys = aggregateKeys[aggregate.name];
  const next: M = {
    ...manifest,
    revision: manifest.revision + 1,
    ...(stored && { previousSha256: toBody(stored.body).sha256 }),
    run: by.run,
    writtenAt: by.at.toISOString(),
  };
  const body = toBody(`${JSON.stringify(next, null, 1)}\n`);
  const { account, day, revision } = next;
  const note = toBody(JSON.stringify({ day, revision, sha256: body.sha256, run: by.run }));
  await state.put(keys.intent(account, day, revision, body.sha256), note, "application/json");
  const key = keys.manifest(account, day);
  const etag = await archive.replace(key, body, "application/json", stored?.etag);
  return etag === undefined ? undefined : { sha256: body.sha256, revision: next.revision };
}

async function readManifest<M extends DayManifest, E>(
  { archive, account, aggregate }: DayStateOptions<M, E>,
  day: Day,
) {
  const key = aggregateKeys[aggregate.name].manifest(account, day);
  const stored = await archive.get(key);
  if (!stored) return undefined;
  const manifest = parseManifest(aggregate, stored.body, key);
  // It would be written where another one lies.
  if (manifest.account !== account || manifest.day !== day) throw notAManifest(key, "it is another day's");
  return { ...stored, manifest };
}

/** @throws JobError STORAGE_INVALID where it is none */
export function parseManifest<M>(aggregate: { readonly manifest: z.ZodMiniType<M> }, body: Buffer, key: string): M {
  const parsed = aggregate.manifest.safeParse(storedJson(body));
  if (parsed.success) return parsed.data;
  throw notAManifest(key, fieldErrorText(parsed.error.issues));
}

function notAManifest(key: string, why: string): JobError {
  return new JobError("STORAGE_INVALID", `The manifest ${key} is not one: ${why}`, {
    hint: "Restore an earlier version of the object from the bucket's version history.",
    details: { key },
  });
}

/**
 * A manifest that no run has written, or one that a run has since written another in the place of, is nobody's to go on from:
 * the next revision would vouch for it. Should the notes be lost with the state bucket, the ledger tells.
 */
async function rejectForeignManifest<M extends DayManifest, E>(
  { archive, state, account, aggregate }: DayStateOptions<M, E>,
  { body, manifest }: StoredObject & { readonly manifest: M },
): Promise<void> {
  const keys = aggregateKeys[aggregate.name];
  const { day, revision } = manifest;
  const { sha256 } = toBody(body);
  const notes: WriteIntent[] = [];
  for await (const { key } of state.list(keys.dayIntentsPrefix(account, day))) {
    const note = parseIntentKey(key);
    if (note) notes.push(note);
  }
  const isNoted = notes.some((note) => note.revision === revision && note.sha256 === sha256);
  if (isNoted && notes.every((note) => note.revision <= revision)) return;
  // A later revision may have been noted by a run that was killed before it wrote it.
  const last = await lastManifestInLedger(archive, { aggregate: aggregate.name, account }, day);
  if (isNoted && (last?.revision ?? 0) <= revision) return;
  if (notes.length === 0 && last?.sha256 === sha256) return;
  const key = keys.manifest(account, day);
  throw new JobError("STORAGE_INVALID", `${key} is not as any run has written it`, {
    hint: "Find out who changed it, and restore the version that the ledger names (npm run verify) from the bucket's version history; where none is named, remove it: the day is then listed anew.",
    details: { key },
  });
}

function zoneChanged(day: Day, writtenIn: string, timeZone: string): JobError {
  return new JobError(
    "TIME_ZONE_CHANGED",
    `The day ${day} was begun in ${writtenIn} and the settings now say ${timeZone}`,
    {
      hint: `Set timeZone back to ${writtenIn}; a day's bounds cannot be moved once it has been begun.`,
      details: { day, writtenIn, timeZone },
    },
  );
}
