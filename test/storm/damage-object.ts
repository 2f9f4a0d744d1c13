import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { createDirectS3 } from "../../lab/aws/direct-clients.ts";
import { type ObjectBody, toBody } from "../../shared/aws/bucket.ts";
import { DayIndex } from "../../shared/core/day-index.ts";
import { parseStored, zippedJson } from "../../shared/storage/stored-json.ts";
import type { FastStack, FastWorld } from "../support/fast-world.ts";
import { sleepUntil } from "./sleep-until.ts";
import type { DamageEffect } from "./storm-plan.ts";

/** An object that is about to be changed. */
export interface Damage {
  readonly effect: DamageEffect;
  /** What the object becomes; undefined if it is removed. */
  readonly body: ObjectBody | undefined;
  /** Changes the object. False if S3 refused it. */
  readonly strike: () => Promise<boolean>;
}

/** Called at the time of the damage, to strike. */
export type OnDamage = (damage: Damage) => Promise<void>;

const type = "application/octet-stream";

/** Changes an object, if it exists. In the end an operator restores an object of the archive, or removes a forged index. */
export async function damage(
  { aws }: FastWorld,
  stack: FastStack | undefined,
  effect: DamageEffect & { readonly fromMs: number; readonly untilMs: number | null },
  onDamage: OnDamage,
): Promise<void> {
  const { bucket, key, how = "garbage", fromMs, untilMs } = effect;
  await sleepUntil(fromMs);
  const name = `${stack?.name}-${bucket}`;
  if (!stack || !aws.describe(name, key)) return;
  const original = await aws.read(name, key);
  const body = how === "removed" ? undefined : how === "forged" ? forged(original, effect.day) : toBody("{}");
  if (how === "forged" && !body) return;
  const client = createDirectS3(aws.unsignedHandler);
  const remove = () => client.send(new DeleteObjectCommand({ Bucket: name, Key: key }));
  const strike = () =>
    (body ? stack[bucket].put(key, body, type) : remove()).then(
      () => true,
      () => false,
    );
  await onDamage({ effect, body, strike });
  await sleepUntil(untilMs);
  if (bucket === "state" && how === "forged") await remove();
  const isUntouched = aws.describe(name, key)?.sha256 === body?.sha256;
  if (bucket === "archive" && isUntouched) await stack[bucket].put(key, toBody(original), type);
}

/** Returns the object with another content of its form; undefined if there is nothing to change. */
function forged(original: Buffer, day = ""): ObjectBody | undefined {
  const index = parseStored(DayIndex, { body: original });
  return index ? forgedIndex(index, day) : forgedManifest(original);
}

/** Closes an open day, or gives a closed one other counts. */
function forgedIndex(index: DayIndex, day: string): ObjectBody | undefined {
  const entry = index.days[day];
  if (!entry?.etag) return undefined;
  const { counts, status } = entry;
  const lie = status === "open" ? { status: "closed" as const } : { counts: { ...counts, calls: 999 } };
  return zippedJson({ ...index, days: { ...index.days, [day]: { ...entry, ...lie } } });
}

function forgedManifest(original: Buffer): ObjectBody | undefined {
  const { totals, ...manifest } = JSON.parse(original.toString());
  return totals && toBody(JSON.stringify({ ...manifest, totals: { ...totals, records: totals.records + 1 } }));
}
