import type { ListedObject } from "../aws/bucket.ts";

/** True for an object that was written after `judgedUntil`, when a run may not have noted it yet. */
export function isNewer(listed: ListedObject | undefined, judgedUntil: Date | undefined): boolean {
  return listed !== undefined && judgedUntil !== undefined && listed.lastModified > judgedUntil;
}
