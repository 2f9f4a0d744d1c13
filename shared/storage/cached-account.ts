import * as z from "zod/mini";
import { type Bucket, toBody } from "../aws/bucket.ts";
import { stateKeys } from "../core/object-keys.ts";
import { JobError } from "../errors.ts";

/** What `start-run` needs to know of the account, which only a run can ask RingCentral. */
const CachedAccount = z.object({
  id: z.string(),
  /** Heavy requests that RingCentral last allowed in a minute. */
  heavyPerMinute: z.optional(z.number().check(z.positive())),
  /** Bytes per record of the lightest page of the call log: of the last run that listed, and of the run before it. */
  recordBytes: z.optional(
    z.object({
      run: z.string(),
      lightest: z.number().check(z.positive()),
      before: z.optional(z.number().check(z.positive())),
    }),
  ),
  /** Fingerprint of the credential that belongs to the account. */
  credential: z.optional(z.string()),
  /** How long RingCentral keeps recordings, as it last said. */
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

/** @throws JobError STORAGE_FAILED */
export async function readAccountNote(state: Bucket): Promise<CachedAccount | undefined> {
  const stored = await state.get(stateKeys.account);
  try {
    return stored && CachedAccount.parse(JSON.parse(stored.body.toString()));
  } catch {
    return undefined;
  }
}

/** What is noted of `account`, for whom that is only a help: nothing where S3 does not give the note, or it is of another account. */
export async function readHints(state: Bucket, account: string): Promise<CachedAccount | undefined> {
  const note = await readAccountNote(state).catch(undefinedIfOfStorage);
  return note?.id === account ? note : undefined;
}

function undefinedIfOfStorage(error: unknown): undefined {
  if (!(error instanceof JobError && error.code.startsWith("STORAGE_"))) throw error;
}

/** Notes what is known now; what was known before stays. @throws JobError STORAGE_FAILED */
export async function updateCachedAccount(state: Bucket, note: CachedAccount): Promise<void> {
  const known = await readAccountNote(state);
  const next = JSON.stringify({ ...(known?.id === note.id && known), ...note });
  if (next !== JSON.stringify(known)) await state.put(stateKeys.account, toBody(next), "application/json");
}

/** The same for whom that is only a help to the runs that follow: `refused` is told why S3 does not take the note. */
export async function noteHints(state: Bucket, note: CachedAccount, refused: (error: JobError) => void): Promise<void> {
  await updateCachedAccount(state, note).catch((error: unknown) => {
    undefinedIfOfStorage(error);
    refused(error as JobError);
  });
}
