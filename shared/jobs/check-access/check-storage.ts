import { type Bucket, toBody } from "../../aws/bucket.ts";
import { type AccessLine, faultLine, okLine } from "../../core/access/access-line.ts";
import { clockLine } from "../../core/access/connection-lines.ts";
import { stateKeys } from "../../core/object-keys.ts";
import type { AccessServices } from "./services.ts";
import { tryCheck } from "./try-check.ts";

/** Checks buckets, their key, conditional writes, and this machine's clock. */
export async function checkStorage({
  state,
  archive,
  derived,
  now,
  clockErrorMs,
}: AccessServices): Promise<AccessLine[]> {
  return [
    await tryCheck("state bucket", () => checkWrites(state, now())),
    await tryCheck("archive bucket", () => checkReads("archive bucket", archive, "manifests/first-look")),
    await tryCheck("tables bucket", () => checkReads("tables bucket", derived, "built/first-look")),
    // Only now: the responses of S3 have told its time.
    clockLine(clockErrorMs()),
  ];
}

/** Writes an object, encrypted with the bucket's key, and expects that a second conditional write of it is refused. */
async function checkWrites(state: Bucket, now: Date): Promise<AccessLine> {
  const check = "state bucket";
  const probe = () => toBody(JSON.stringify({ at: now.toISOString() }));
  const stored = await state.get(stateKeys.accessProbe);
  const written = await state.replace(stateKeys.accessProbe, probe(), "application/json", stored?.etag);
  const again = await state.create(stateKeys.accessProbe, probe(), "application/json");
  if (again === undefined)
    return okLine(check, `written${written === undefined ? " by another run" : ""}; conditional writes are kept`);
  return faultLine(
    check,
    "a write with If-None-Match replaced an object that exists",
    "Use Amazon S3: without conditional writes two runs can overwrite each other's results.",
  );
}

async function checkReads(check: string, bucket: Bucket, key: string): Promise<AccessLine> {
  await bucket.head(key);
  return okLine(check, "can be read");
}
