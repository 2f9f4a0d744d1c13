import { createHash } from "node:crypto";
import type { AwsLab } from "../../lab/aws/server.ts";
import { storedDay } from "./stored-days.ts";

/** Rules of every write to an archive bucket. Each returns its violation, or undefined. */
export interface WrittenObject {
  readonly aws: AwsLab;
  readonly bucket: string;
  readonly key: string;
  readonly body: Buffer;
  /** SHA-256, base64, of every manifest that was ever stored in the bucket. */
  readonly manifestHashes: ReadonlySet<string>;
}

export type RuleOnWrite = (written: WrittenObject) => string | undefined;

export const rulesOnWrite = {
  closedDayLacksNothing,
  ledgerIsUnbroken,
  immutableIsWrittenOnce,
} as const satisfies Record<string, RuleOnWrite>;

/** A closed day has every object of its manifest, unchanged, and no pending recording. */
function closedDayLacksNothing({ aws, bucket, key, body }: WrittenObject): string | undefined {
  if (!key.startsWith("manifests/")) return undefined;
  const day = storedDay(jsonOf(body));
  if (!day?.isClosed) return undefined;
  for (const { id, state, object } of day.recordings.values()) {
    if (state === "pending") return `${day.day} is closed, and recording ${id} is pending`;
    if (state !== "stored") continue;
    const stored = object && aws.describe(bucket, object.key);
    if (!stored) return `${day.day} is closed, and the object of recording ${id} is not there`;
    if (stored.size !== object.bytes || stored.sha256 !== object.sha256)
      return `recording ${id} is not as ${key} names it`;
  }
  if (day.callsKey && !aws.describe(bucket, day.callsKey))
    return `${day.day} is closed, and ${day.callsKey} is not there`;
  return undefined;
}

/** Each entry follows the previous one and contains manifests that have been stored. */
function ledgerIsUnbroken({ aws, bucket, key, body, manifestHashes }: WrittenObject): string | undefined {
  if (!/(^|\/)ledger\//.test(key)) return undefined;
  const { number, manifests } = jsonOf(body) as LedgerEntryJson;
  const before = `${key.slice(0, -"00000000.json".length)}${String(number - 1).padStart(8, "0")}.json`;
  if (number > 1 && !aws.describe(bucket, before)) return `ledger entry ${number} follows none`;
  const unknown = manifests.find(({ sha256 }) => !manifestHashes.has(sha256));
  return unknown && `ledger entry ${number} names a manifest of ${unknown.day} that was never stored`;
}

interface LedgerEntryJson {
  readonly number: number;
  readonly manifests: readonly { readonly day: string; readonly sha256: string }[];
}

function immutableIsWrittenOnce({ aws, bucket, key }: WrittenObject): string | undefined {
  if (!/^(recordings|closed|ledger|analytics\/ledger)\//.test(key)) return undefined;
  const versions = aws.describe(bucket, key)?.versions ?? 0;
  return versions > 1 ? `${key} has been written ${versions} times` : undefined;
}

export function sha256Of(body: Buffer): string {
  return createHash("sha256").update(body).digest("base64");
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
