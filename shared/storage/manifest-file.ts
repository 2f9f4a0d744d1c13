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

/** A day's manifest, as stored and with later events. */
export interface DayState<M> {
  /** The manifest as stored; undefined if the day has none. */
  readonly stored: (StoredObject & { readonly manifest: M }) | undefined;
  /** The stored manifest with all later events added. */
  readonly manifest: M;
}

/** Where an aggregate's manifests are stored. */
export interface ManifestStorage<M extends DayManifest, E> {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly aggregate: DayAggregate<M, E>;
}

export interface DayStateOptions<M extends DayManifest, E> extends ManifestStorage<M, E> {
  readonly account: string;
  readonly timeZone: string;
}

/**
 * @throws TIME_ZONE_CHANGED when the stored manifest has another time zone
 * @throws STORAGE_INVALID when the stored manifest is damaged or was not written by a run; STORAGE_FAILED
 */
export async function readDayState<M extends DayManifest, E>(
  options: DayStateOptions<M, E>,
  day: Day,
): Promise<DayState<M>> {
  const { account, timeZone, aggregate } = options;
  const stored = await readManifest(options, day);
  if (stored) await rejectForeignManifest(options, stored);
  if (stored && stored.manifest.timeZone !== timeZone) throw zoneChanged(day, stored.manifest.timeZone, timeZone);
  const events = await readEvents(options, { account, day }, stored?.lastModified);
  const base = stored?.manifest ?? aggregate.empty(account, day, timeZone, spanOf(day, timeZone));
  return { stored, manifest: aggregate.reduce(base, events) };
}

/**
 * Writes the next revision over the stored one, after its write intent: only manifests with an intent are added to the
 * ledger. Returns undefined if another write came first.
 * @throws STORAGE_FAILED
 */
export async function writeManifest<M extends DayManifest, E>(
  { archive, state, aggregate }: ManifestStorage<M, E>,
  { stored, manifest }: DayState<M>,
  writer: { readonly run: string; readonly at: Date },
): Promise<{ readonly sha256: string; readonly revision: number } | undefined> {
  const keys = aggregateKeys[aggregate.name];
  const next: M = {
    ...manifest,
    revision: manifest.revision + 1,
    ...(stored && { previousSha256: toBody(stored.body).sha256 }),
    run: writer.run,
    writtenAt: writer.at.toISOString(),
  };
  const body = toBody(`${JSON.stringify(next, null, 1)}\n`);
  const { account, day, revision } = next;
  const intent = toBody(JSON.stringify({ day, revision, sha256: body.sha256, run: writer.run }));
  await state.put(keys.intent(account, day, revision, body.sha256), intent, "application/json");
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
  // Its next revision would overwrite the other day's manifest.
  if (manifest.account !== account || manifest.day !== day)
    throw invalidManifest(key, "it belongs to another day or account");
  return { ...stored, manifest };
}

/** @throws STORAGE_INVALID when `body` does not match the schema */
export function parseManifest<M>(aggregate: { readonly manifest: z.ZodMiniType<M> }, body: Buffer, key: string): M {
  const parsed = aggregate.manifest.safeParse(storedJson(body));
  if (parsed.success) return parsed.data;
  throw invalidManifest(key, fieldErrorText(parsed.error.issues));
}

function invalidManifest(key: string, reason: string): JobError {
  return new JobError("STORAGE_INVALID", `The manifest ${key} is invalid: ${reason}`, {
    hint: "Restore an earlier version of the object from the bucket's version history.",
    details: { key },
  });
}

/**
 * Rejects an edited or rolled-back manifest, because the next revision would certify it. It must match the newest write
 * intent, or the ledger if intents are lost.
 * @throws STORAGE_INVALID
 */
async function rejectForeignManifest<M extends DayManifest, E>(
  { archive, state, account, aggregate }: DayStateOptions<M, E>,
  { body, manifest }: StoredObject & { readonly manifest: M },
): Promise<void> {
  const keys = aggregateKeys[aggregate.name];
  const { day, revision } = manifest;
  const { sha256 } = toBody(body);
  const intents: WriteIntent[] = [];
  for await (const { key } of state.list(keys.dayIntentsPrefix(account, day))) {
    const intent = parseIntentKey(key);
    if (intent) intents.push(intent);
  }
  const hasIntent = intents.some((intent) => intent.revision === revision && intent.sha256 === sha256);
  if (hasIntent && intents.every((intent) => intent.revision <= revision)) return;
  // A run may have been killed between writing a later intent and its manifest.
  const last = await lastManifestInLedger(archive, { aggregate: aggregate.name, account }, day);
  if (hasIntent && (last?.revision ?? 0) <= revision) return;
  if (intents.length === 0 && last?.sha256 === sha256) return;
  const key = keys.manifest(account, day);
  throw new JobError("STORAGE_INVALID", `${key} was changed by someone other than a run`, {
    hint: "Find out who changed it. Restore the version that the ledger names (npm run verify) from the bucket's version history. If the ledger names none, delete the object: the next run lists the day again.",
    details: { key },
  });
}

function zoneChanged(day: Day, writtenIn: string, timeZone: string): JobError {
  return new JobError(
    "TIME_ZONE_CHANGED",
    `The manifest of ${day} has the time zone ${writtenIn}, but the settings have ${timeZone}`,
    {
      hint: `Set timeZone back to ${writtenIn}. The span of a day cannot change once it has a manifest.`,
      details: { day, writtenIn, timeZone },
    },
  );
}
