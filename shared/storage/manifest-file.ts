import type * as z from "zod/mini";
import { type Bucket, toBody } from "../aws/bucket.ts";
import type { AggregateName, DayAggregate } from "../core/day-aggregate.ts";
import type { DayManifest } from "../core/day-manifest.ts";
import { fieldErrorText } from "../core/field-errors.ts";
import { aggregateKeys, parseIntentKey, type WriteIntent } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { JobError } from "../errors.ts";
import type { LedgerEntries } from "./ledger-file.ts";
import { storedJson } from "./stored-json.ts";

/** A manifest as stored. */
export interface StoredManifest<M> {
  readonly manifest: M;
  readonly etag: string;
  /** SHA-256 of its bytes, base64. */
  readonly sha256: string;
  readonly bytes: number;
  readonly lastModified: Date;
}

/** Where an aggregate's manifests are stored. */
export interface ManifestStorage<M extends DayManifest, E> {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly aggregate: DayAggregate<M, E>;
  readonly account: string;
}

/**
 * Writes the next revision over the stored one, after its write intent: only manifests with an intent are added to the
 * ledger. `etag` is undefined if another write came first.
 * @throws STORAGE_FAILED
 */
export async function writeManifest<M extends DayManifest, E>(
  { archive, state, aggregate }: ManifestStorage<M, E>,
  { stored, manifest }: { readonly stored: StoredManifest<M> | undefined; readonly manifest: M },
  writer: { readonly run: string; readonly at: Date },
): Promise<Omit<StoredManifest<M>, "etag"> & { readonly etag: string | undefined }> {
  const keys = aggregateKeys[aggregate.name];
  const next: M = {
    ...manifest,
    revision: manifest.revision + 1,
    ...(stored && { previousSha256: stored.sha256 }),
    run: writer.run,
    writtenAt: writer.at.toISOString(),
  };
  const body = toBody(`${JSON.stringify(next, null, 1)}\n`);
  const { account, day, revision } = next;
  const intent = toBody(JSON.stringify({ day, revision, sha256: body.sha256, run: writer.run }));
  await state.put(keys.intent(account, day, revision, body.sha256), intent, "application/json");
  const key = keys.manifest(account, day);
  const etag = await archive.replace(key, body, "application/json", stored?.etag);
  return { manifest: next, etag, sha256: body.sha256, bytes: body.bytes, lastModified: writer.at };
}

/** @throws STORAGE_INVALID when the manifest is damaged or belongs to another day or account; STORAGE_FAILED */
export async function readManifest<M extends DayManifest, E>(
  { archive, account, aggregate }: ManifestStorage<M, E>,
  day: Day,
): Promise<StoredManifest<M> | undefined> {
  const key = aggregateKeys[aggregate.name].manifest(account, day);
  const stored = await archive.get(key);
  if (!stored) return undefined;
  const { body, etag, lastModified } = stored;
  const manifest = parseManifest(aggregate, body, key);
  // Its next revision would overwrite the other day's manifest.
  if (manifest.account !== account || manifest.day !== day)
    throw invalidManifest(key, "it belongs to another day or account");
  return { manifest, etag, sha256: toBody(body).sha256, bytes: body.length, lastModified };
}

/** @throws STORAGE_INVALID when `body` does not match the schema */
export function parseManifest<M>(aggregate: { readonly manifest: z.ZodMiniType<M> }, body: Buffer, key: string): M {
  const parsed = aggregate.manifest.safeParse(storedJson(body));
  if (parsed.success) return parsed.data;
  throw invalidManifest(key, fieldErrorText(parsed.error.issues));
}

function invalidManifest(key: string, reason: string): JobError {
  return new JobError("STORAGE_INVALID", `The manifest ${key} is invalid: ${reason}`, {
    hint: "Run npx nightshift restore --stack <name>: it puts back the version that a run wrote.",
    details: { key },
  });
}

/**
 * Rejects an edited or rolled-back manifest, because the next revision would certify it. It must match the newest write
 * intent, or the ledger if intents are lost.
 * @throws STORAGE_INVALID
 */
export async function rejectForeignManifest<M extends DayManifest, E>(
  { state, account, aggregate }: ManifestStorage<M, E>,
  { manifest, sha256 }: StoredManifest<M>,
  ledger: () => Promise<LedgerEntries>,
): Promise<void> {
  const { day, revision } = manifest;
  const intents = await readIntents(state, aggregate.name, account, day);
  const hasIntent = intents.some((intent) => intent.revision === revision && intent.sha256 === sha256);
  if (hasIntent && intents.every((intent) => intent.revision <= revision)) return;
  // A run may have been killed between writing a later intent and its manifest.
  const last = (await ledger()).manifests.get(day);
  if (hasIntent && (last?.revision ?? 0) <= revision) return;
  if (intents.length === 0 && last?.sha256 === sha256) return;
  const key = aggregateKeys[aggregate.name].manifest(account, day);
  throw new JobError("STORAGE_INVALID", `${key} was changed by someone other than a run`, {
    hint: "Find out who changed it. Run npx nightshift restore --stack <name>: it puts back the version that a run wrote. If there is none, add --remove-unexpected: the next run lists the day again.",
    details: { key },
  });
}

/** Returns the write intents of a day's manifest. @throws STORAGE_FAILED */
export async function readIntents(
  state: Bucket,
  aggregate: AggregateName,
  account: string,
  day: Day,
): Promise<WriteIntent[]> {
  const intents: WriteIntent[] = [];
  for await (const { key } of state.list(aggregateKeys[aggregate].dayIntentsPrefix(account, day))) {
    const intent = parseIntentKey(key);
    if (intent) intents.push(intent);
  }
  return intents;
}
