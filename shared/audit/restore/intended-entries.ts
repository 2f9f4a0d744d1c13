import type { Bucket } from "../../aws/bucket.ts";
import type { LedgerId, LedgerManifest } from "../../storage/ledger-file.ts";
import { readIntents } from "../../storage/manifest-file.ts";
import type { EntryCandidate, EntryVersions } from "./choose-entries.ts";

/**
 * Returns the newest entry's versions that a run may have written although they follow no entry: then it is the entry before that
 * was forged. A run's entry has manifests, with later revisions than before, and with write intents.
 * @throws STORAGE_FAILED
 */
export async function intendedEntries(
  state: Bucket | undefined,
  ledger: LedgerId,
  entries: readonly EntryVersions[],
): Promise<ReadonlySet<EntryCandidate>> {
  const index = entries.findLastIndex(({ candidates }) => candidates.length > 0);
  const earlier = entries.slice(0, index).flatMap(({ candidates }) => candidates);
  const revisions = new Map<string, number>();
  for (const { day, revision } of earlier.flatMap(({ entry }) => entry.manifests))
    revisions.set(day, Math.max(revision, revisions.get(day) ?? 0));
  const intended = new Set<EntryCandidate>();
  for (const candidate of entries[index]?.candidates ?? []) {
    const { manifests } = candidate.entry;
    const advances =
      manifests.length > 0 && manifests.every(({ day, revision }) => revision > (revisions.get(day) ?? 0));
    if (advances && (await haveIntents(state, ledger, manifests))) intended.add(candidate);
  }
  return intended;
}

/** Without a state bucket nothing contradicts it. */
async function haveIntents(
  state: Bucket | undefined,
  { aggregate, account }: LedgerId,
  manifests: readonly LedgerManifest[],
): Promise<boolean> {
  if (!state) return true;
  for (const { day, sha256 } of manifests) {
    const intents = await readIntents(state, aggregate, account, day);
    if (!intents.some((intent) => intent.sha256 === sha256)) return false;
  }
  return true;
}
