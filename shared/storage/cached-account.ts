import * as z from "zod/mini";
import { type Bucket, toBody } from "../aws/bucket.ts";
import { stateKeys } from "../core/object-keys.ts";
import { JobError } from "../errors.ts";
import { parseStored } from "./stored-json.ts";

/** Facts about the account that a run fetched from RingCentral, for `start-run` and later runs. */
const CachedAccount = z.object({
  id: z.string(),
  /** Heavy requests per minute that RingCentral last allowed. */
  heavyPerMinute: z.optional(z.number().check(z.positive())),
  /** Bytes per record of the call-log page with the smallest records. */
  recordBytes: z.optional(
    z.object({
      run: z.string(),
      /** In the last run that listed. */
      lightest: z.number().check(z.positive()),
      /** In the run before it. */
      before: z.optional(z.number().check(z.positive())),
    }),
  ),
  /** Fingerprint of the account's credential. */
  credential: z.optional(z.string()),
  /** RingCentral's retention of recordings, as last fetched. */
  retention: z.optional(
    z.object({
      days: z.optional(z.number()),
      daysToFetch: z.number(),
      maxCount: z.optional(z.number()),
    }),
  ),
});
export type CachedAccount = z.infer<typeof CachedAccount>;
export type RecordBytes = NonNullable<CachedAccount["recordBytes"]>;

/** Returns undefined if nothing valid is stored. @throws STORAGE_FAILED */
export async function readCachedAccount(state: Bucket): Promise<CachedAccount | undefined> {
  return parseStored(CachedAccount, await state.get(stateKeys.account));
}

/** Returns the cached account if S3 has it and its id is `account`, else undefined. For uses that can do without. */
export async function findCachedAccount(state: Bucket, account: string): Promise<CachedAccount | undefined> {
  const cached = await readCachedAccount(state).catch(undefinedIfStorageError);
  return cached?.id === account ? cached : undefined;
}

function undefinedIfStorageError(error: unknown): undefined {
  if (!(error instanceof JobError && error.code.startsWith("STORAGE_"))) throw error;
}

/** Writes the fields of `update`; other fields of the same account stay. @throws STORAGE_FAILED */
export async function updateCachedAccount(state: Bucket, update: CachedAccount): Promise<void> {
  const known = await readCachedAccount(state);
  const next = JSON.stringify({ ...(known?.id === update.id && known), ...update });
  if (next !== JSON.stringify(known)) await state.put(stateKeys.account, toBody(next), "application/json");
}

/** Same, but passes storage errors to `onError` instead of throwing them. */
export async function tryUpdateCachedAccount(
  state: Bucket,
  update: CachedAccount,
  onError: (error: JobError) => void,
): Promise<void> {
  await updateCachedAccount(state, update).catch((error: unknown) => {
    undefinedIfStorageError(error);
    onError(error as JobError);
  });
}
