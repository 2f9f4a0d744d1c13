import { forEachConcurrent } from "../../core/async/for-each-concurrent.ts";
import type { Depth } from "../../core/depth.ts";
import type { Day } from "../../core/time/days.ts";
import { createReadGuard, type ReadGuard } from "../../storage/read-guard.ts";
import type { Anchor, LedgerCheckOptions } from "../check-ledger.ts";
import type { AccountAggregate } from "../check-manifests.ts";
import { openDayEvidence } from "../day-evidence.ts";
import { type DayToRestore, daysToRestore } from "./days-to-restore.ts";
import { removeUnreferenced } from "./remove-unreferenced.ts";
import type { RestoreServices } from "./restoration.ts";
import { restoreLedger } from "./restore-ledger.ts";
import { restoreManifest } from "./restore-manifest.ts";
import { type ObjectToRestore, restoreObject } from "./restore-object.ts";

export interface RestoreOptions extends AccountAggregate, Pick<LedgerCheckOptions, "checkSignature" | "signedFrom"> {
  readonly anchor?: Anchor | undefined;
  /** The days whose manifests and objects are restored; the ledger always is. @default every day */
  readonly days?: ReadonlySet<Day> | undefined;
  /** @default checksums */
  readonly depth?: Depth;
}

const restoreConcurrency = 64;

/**
 * Restores one aggregate of an account: first the ledger, then the manifests that it names, then the objects that these name.
 * Keeps in memory the ledger and the keys that are not as they should be. Returns the days that it looked at.
 * @throws STORAGE_FAILED
 */
export async function restoreArchive(services: RestoreServices, options: RestoreOptions): Promise<ReadonlySet<Day>> {
  const { account, aggregate, days } = options;
  const { interrupted } = services;
  const evidence = await restoreLedger(services, { ...options, ledger: { aggregate: aggregate.name, account } });
  const hasReadElsewhere = evidence.size > 0;
  const manifests = createReadGuard({ hasReadElsewhere });
  const guards = { manifests, objects: createReadGuard({ hasReadElsewhere, others: manifests }) };
  const seen = new Set<Day>();
  const objects = async function* (): AsyncGenerator<ObjectToRestore> {
    for await (const day of daysToRestore(services, options, evidence)) {
      if (interrupted.aborted) return;
      if (days !== undefined && !days.has(day.day)) continue;
      seen.add(day.day);
      yield* objectsOf(services, { ...options, guards }, day);
    }
  };
  // Two days may reference one recording.
  const restoring = new Map<string, Promise<boolean>>();
  await forEachConcurrent(objects(), restoreConcurrency, async (object) => {
    if (interrupted.aborted) return;
    const { key } = object.reference;
    const restored = restoring.get(key) ?? restoreObject(services, object);
    restoring.set(key, restored);
    if (!(await restored)) restoring.delete(key);
  });
  guards.manifests.end();
  guards.objects.end();
  return seen;
}

/** One object that S3 denies is its own; if it denies all, this login may read nothing. */
interface Guards {
  readonly guards: Readonly<Record<"manifests" | "objects", ReadGuard>>;
}

/** Restores a day's manifest, removes what that does not name, and yields the objects that it names. */
async function* objectsOf(
  services: RestoreServices,
  { account, aggregate, depth = "checksums", guards }: RestoreOptions & Guards,
  { day, versions, evidence, listed, strays }: DayToRestore,
): AsyncGenerator<ObjectToRestore> {
  const restored = await restoreManifest(services, {
    ...{ account, aggregate, day, versions, evidence, guard: guards.manifests },
  });
  if (!restored) return;
  const { manifest, references } = restored;
  const runs = services.state && openDayEvidence(services.state, aggregate.name, account, day);
  await removeUnreferenced(services, restored, { listed, strays, runs });
  if (!manifest) return;
  const { status } = manifest;
  const byKey = new Map(listed.map((object) => [object.key, object]));
  for (const reference of references) {
    const isFinal = status === "closed" && !aggregate.isRewritten(reference.key, status);
    yield { reference, day, listed: byKey.get(reference.key), depth, isFinal, runs, manifest, guard: guards.objects };
  }
}
