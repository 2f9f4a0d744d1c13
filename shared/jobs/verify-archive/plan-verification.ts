import type { Anchor } from "../../audit/check-ledger.ts";
import { readNightReport } from "../../audit/night-report.ts";
import type { AggregateName } from "../../core/day-aggregate.ts";
import { nextParts, type RotationStep } from "../../core/rotation.ts";
import { type Day, dayOf, hourMs } from "../../core/time/days.ts";
import type { VerificationManifest } from "../../core/verification-manifest.ts";
import { readCachedAccount } from "../../storage/cached-account.ts";
import { isOfOneObject } from "../../storage/each-day.ts";
import type { VerifyRequest } from "./request.ts";
import type { VerifyServices } from "./services.ts";

/** What one run verifies; stored as a step's result. */
export interface VerificationPlan extends RotationStep {
  readonly account: string;
  /** The run's day, whose report it writes. */
  readonly day: Day;
  readonly begunAt: string;
  /** What the newest report says of each ledger: its head must still be there. */
  readonly known: Readonly<Partial<Record<AggregateName, KnownLedger>>>;
}

interface KnownLedger {
  readonly anchor?: Anchor | undefined;
  /** The first entry that must be signed. */
  readonly signedFrom?: number | undefined;
}

/** A run may note within this time what it has written. */
const graceMs = hourMs;

/** Returns the time after which changes are not judged yet: the next night judges them. */
export function judgedUntilOf(begunAt: string): Date {
  return new Date(Date.parse(begunAt) - graceMs);
}

/** Plans a run by the report of the run before. Undefined if no run has identified an account yet. */
export async function planVerification(
  services: VerifyServices,
  { parts }: VerifyRequest,
): Promise<VerificationPlan | undefined> {
  const { state, timeZone, now } = services;
  const account = (await readCachedAccount(state))?.id;
  if (account === undefined) return undefined;
  const day = dayOf(now(), timeZone);
  const newest = await readNewestReport(services, account, day);
  const known = (newest?.aggregates ?? []).map(
    // If the newest entry was unreadable, the head before is still the anchor.
    ({ aggregate, head, anchor, signedFrom }) => [aggregate, { anchor: head ?? anchor, signedFrom }] as const,
  );
  const step = nextParts(day, newest, parts);
  services.log.info("verification planned", { day, since: newest?.day, parts: step.parts });
  return { account, day, begunAt: now().toISOString(), known: Object.fromEntries(known), ...step };
}

/** Reads the newest report. Undefined if there is none, or it is damaged: then the verification finds it. */
async function readNewestReport(
  { archive, log }: VerifyServices,
  account: string,
  today: Day,
): Promise<VerificationManifest | undefined> {
  try {
    return await readNightReport(archive, account, { last: today });
  } catch (error) {
    if (!isOfOneObject(error)) throw error;
    log.warn("newest report unreadable", error.toJSON());
    return undefined;
  }
}
