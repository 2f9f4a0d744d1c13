import { isAtWork, OwnerRecord } from "../../aws/run-owner.ts";
import { AccessReport } from "../../core/access/access-line.ts";
import { stateKeys } from "../../core/object-keys.ts";
import { jobs } from "../../jobs.ts";
import { parseStored } from "../../storage/stored-json.ts";
import type { AccessServices } from "./services.ts";

type Services = Pick<AccessServices, "state" | "now">;

const otherJobs = Object.entries(jobs).flatMap(([job, { scopes }]) =>
  job !== "check-access" && scopes.length > 0 ? [job] : [],
);

/** True if a run of this installation, an earlier check included, may have sent requests within the last `windowMs`. */
export async function mayHaveUsedLimits({ state, now }: Services, windowMs: number): Promise<boolean> {
  const isRecent = (instant: string | undefined) => now().getTime() - Date.parse(instant ?? "") <= windowMs;
  const report = parseStored(AccessReport, await state.get(stateKeys.newestAccessReport));
  if (isRecent(report?.at)) return true;
  for (const job of otherJobs) {
    const owner = parseStored(OwnerRecord, await state.get(stateKeys.owner(job)));
    if (isAtWork(owner, now()) || isRecent(owner?.ended)) return true;
  }
  return false;
}
