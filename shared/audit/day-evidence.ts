import type { Bucket } from "../aws/bucket.ts";
import type { AggregateName } from "../core/day-aggregate.ts";
import type { DayManifest } from "../core/day-manifest.ts";
import { aggregateKeys, archiveKeys, stateKeys, type WriteIntent } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { readIntents } from "../storage/manifest-file.ts";
import { storedJson } from "../storage/stored-json.ts";

/** An object with these bytes. */
interface NamedObject {
  readonly key: string;
  /** Base64. */
  readonly sha256: string;
}

/** What the state bucket shows of a day: what runs wrote that no manifest or ledger names yet. */
export interface DayEvidence {
  /** Write intents for the day's manifest. */
  readonly manifestIntents: () => Promise<readonly WriteIntent[]>;
  /** True if a write intent, or an event that is newer than the day's manifest, names these bytes of an object. */
  readonly namesObject: (object: NamedObject, manifest: DayManifest) => Promise<boolean>;
  /** True if a run has begun the day. */
  readonly hasBegun: () => Promise<boolean>;
}

/** Opens what the state bucket shows of a day. Every method throws STORAGE_FAILED on failure. */
export function openDayEvidence(state: Bucket, aggregate: AggregateName, account: string, day: Day): DayEvidence {
  const { dayEventsPrefix, dayIntentsPrefix } = aggregateKeys[aggregate];
  const events = () => state.list(dayEventsPrefix(account, day));
  return {
    manifestIntents: () => readIntents(state, aggregate, account, day),
    namesObject: async ({ key: ofObject, sha256 }, { writtenAt }) => {
      const isDayFile = ofObject === archiveKeys.calls(account, day);
      if (isDayFile && (await state.head(stateKeys.dayFileIntent(account, day, sha256)))) return true;
      for await (const { key, lastModified } of events()) {
        // S3 keeps whole seconds.
        if (lastModified.getTime() + 1_000 <= Date.parse(writtenAt)) continue;
        const stored = await state.get(key);
        if (stored && hasObject(storedJson(stored.body), ofObject, sha256)) return true;
      }
      return false;
    },
    hasBegun: async () => {
      for await (const _event of events()) return true;
      for await (const _intent of state.list(dayIntentsPrefix(account, day))) return true;
      return false;
    },
  };
}

/** True if some part of an event is this object. A damaged file names nothing: the next run finds the same facts again. */
function hasObject(event: unknown, key: string, sha256: string): boolean {
  if (typeof event !== "object" || event === null) return false;
  const own: Partial<NamedObject> = event;
  return (
    (own.key === key && own.sha256 === sha256) || Object.values(event).some((each) => hasObject(each, key, sha256))
  );
}
