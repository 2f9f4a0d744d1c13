import { type Day, dayMs } from "./time/days.ts";

/** A rule of a bucket's own lifecycle by which S3 deletes objects. */
export interface Expiration {
  readonly prefix: string;
  /** When it deletes an object: so many days after its creation, or at a date. */
  readonly when: { readonly days: number } | { readonly at: Date };
}

/** True if a rule may have deleted an object of a day. No object of a day is older than the day. */
export function isExpired(
  expirations: readonly Expiration[],
  { key, day, now }: { readonly key: string; readonly day: Day; readonly now: Date },
): boolean {
  return expirations.some(({ prefix, when }) => {
    const at = "at" in when ? when.at.getTime() : Date.parse(`${day}T00:00:00Z`) + when.days * dayMs;
    return key.startsWith(prefix) && now.getTime() >= at;
  });
}
