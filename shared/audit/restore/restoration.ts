import type { Bucket } from "../../aws/bucket.ts";
import type { ObjectVersions } from "../../aws/object-versions.ts";
import type { Finding } from "../../core/finding.ts";
import { undefinedIfOfOneObject } from "../../storage/each-day.ts";

/**
 * What became of a finding. `restored`, `removed`: done. `to-restore`, `to-remove`: a dry run would. `left`: a run's own work,
 * which the next run completes. `refused`: it stays.
 */
export type RestorationResult = "restored" | "removed" | "to-restore" | "to-remove" | "left" | "refused";

/** One finding, and what became of it. */
export interface Restoration {
  readonly result: RestorationResult;
  readonly finding: Finding;
  /** What to do next, if it was left or refused. */
  readonly hint?: string;
}

/** What every part of a restoration uses. */
export interface RestoreServices {
  readonly archive: Bucket;
  readonly versions: ObjectVersions;
  /** Shows what runs wrote that no manifest or ledger names yet. Undefined: not given. */
  readonly state: Bucket | undefined;
  readonly now: () => Date;
  /** True: nothing is changed. */
  readonly isDryRun: boolean;
  /** True: objects that no evidence names are hidden behind delete markers. */
  readonly removesUnexpected: boolean;
  /** Aborted: no further object is begun. */
  readonly interrupted: AbortSignal;
  /** Called for each finding immediately. */
  readonly report: (restoration: Restoration) => void;
}

export const hints = {
  again: "Run npx nightshift restore --stack <name> again.",
  damaged:
    "It was copied, and is still not as it should be: its bytes are damaged. Put it back from a backup, see Restoring in docs/operations.md.",
  denied:
    "S3 does not return it, and no version that it returns has the bytes. Allow this login what restore needs: see The command line in docs/operations.md.",
  unavailable:
    "S3 returns other objects, but not this one. Run npx nightshift restore --stack <name> again later. If it stays, open a case with AWS.",
  nextRun: "No action: the next run completes it.",
  state: "Name the state bucket, with --stack or --state: it shows whether a run wrote this.",
  offline:
    "The version lies in an archive class. Have S3 retrieve it (aws s3api restore-object), then run npx nightshift restore --stack <name> again.",
  bytes: "These are the bytes that the manifest names, but they are not as it describes them. Open an issue.",
  remove:
    "If nobody needs it, run npx nightshift restore --stack <name> --remove-unexpected: a delete marker hides it, its versions stay.",
  proof: "Give --public-key, or --anchor with a head that you noted: they show which entries a run wrote.",
} as const;

/** Hint for a key of which no version has the bytes: S3 denies it, or they are lost. @throws STORAGE_FAILED */
export async function missingHint({ archive }: Pick<RestoreServices, "archive">, key: string, sha256: string) {
  const isDenied = await archive.head(key).then(
    () => false,
    (error: unknown) => undefinedIfOfOneObject(error) === undefined,
  );
  return isDenied ? hints.denied : lostHint(sha256);
}

/** Hint for bytes that no version has. */
export function lostHint(sha256: string): string {
  return `No version has it. Put it back from a backup, see Restoring in docs/operations.md; its SHA-256 is ${sha256}.`;
}
