import { createHash } from "node:crypto";
import { archiveBucket } from "../../../lab/demo/cloud.ts";
import type { World } from "../../../lab/demo/world.ts";

/** Number of a day's recordings that an archive holds with exactly RingCentral's bytes, of all. */
export interface Stored {
  readonly whole: number;
  readonly of: number;
}

export async function storedWhole({ aws, ringCentral }: World, date: string): Promise<Stored> {
  const found = new Set<string>();
  for await (const { key } of aws.objects(archiveBucket)) {
    const id = /^recordings\/(?:.*\/)?([^/]+)\.mp3$/.exec(key)?.[1];
    if (id) found.add(`${id} ${sha256(await aws.read(archiveBucket, key))}`);
  }
  const truths = Object.entries(ringCentral.truth(date).recordings);
  return { whole: truths.filter(([id, truth]) => found.has(`${id} ${truth.sha256}`)).length, of: truths.length };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
