import * as z from "zod/mini";
import { Env } from "../contract.ts";
import { TimeZoneField } from "../core/fields.ts";

/** Parses a setting in whole seconds from text. */
export const wholeSeconds = (fallback: number) =>
  z.pipe(
    z._default(z.string().check(z.regex(/^\d{1,9}$/, "expected whole seconds")), String(fallback)),
    z.transform((text) => Number(text)),
  );

/** Environment of every job: buckets, time zone, signing key, jobs of the same rate group. */
export const StorageEnvironment = z.object({
  [Env.archiveBucket]: z.string().check(z.minLength(3)),
  [Env.stateBucket]: z.string().check(z.minLength(3)),
  [Env.derivedBucket]: z.string().check(z.minLength(3)),
  [Env.timeZone]: TimeZoneField,
  [Env.signingKeyArn]: z.optional(z.string()),
  [Env.rateGroupJobs]: z.optional(z.string()),
});
export type StorageEnvironment = z.infer<typeof StorageEnvironment>;

/** Environment of a job that sends requests to RingCentral. */
export const ApiEnvironment = z.extend(StorageEnvironment, {
  [Env.credentialSecret]: z.string().check(z.minLength(1)),
  [Env.scopes]: z.optional(z.string()),
  [Env.idleTimeout]: wholeSeconds(30),
});
export type ApiEnvironment = z.infer<typeof ApiEnvironment>;
