import { gunzipSync, gzipSync } from "node:zlib";
import * as z from "zod/mini";
import { bytesBody } from "../aws/bucket.ts";
import { dayOf } from "../core/days.ts";
import { eachLimited } from "../core/each-limited.ts";
import { type DueRecording, fetchOrder } from "../core/fetch-order.ts";
import { stateKeys } from "../core/object-keys.ts";
import { nextTryAt } from "../core/reduce-manifest.ts";
import { JobError } from "../errors.ts";
import { readDayState } from "./manifest-file.ts";
import type { OpenDays } from "./open-days.ts";
import type { ArchiveServices } from "./services.ts";

const readsAtOnce = 16;
const Plan = z.array(z.object({ day: z.string(), id: z.string(), contentUri: z.string() }));

/** Puts every recording that is due into one list, in the order of fetching, and tells how many there are. */
export async function planRecordings(s: ArchiveServices, days: OpenDays): Promise<number> {
  const due: DueRecording[] = [];
  const now = s.now();
  const asked = new Set(days.first);
  await eachLimited(days.open, readsAtOnce, async (day) => {
    const { manifest } = await readDayState({ ...s, account: days.account }, day);
    for (const entry of manifest.recordings) {
      if (entry.state !== "pending" || !entry.contentUri) continue;
      if (asked.has(day) || nextTryAt(entry) <= now) due.push({ day, id: entry.id, contentUri: entry.contentUri });
    }
  });
  const today = dayOf(now, s.timeZone);
  const plan = fetchOrder(due, { today, retentionDays: days.retentionDays, first: days.first });
  const body = bytesBody(gzipSync(JSON.stringify(plan)));
  await s.state.put(stateKeys.plan(s.run.name), body, "application/gzip");
  s.log.info("recordings planned", { due: plan.length });
  return plan.length;
}

export async function readPlan(s: ArchiveServices): Promise<DueRecording[]> {
  const stored = await s.state.get(stateKeys.plan(s.run.name));
  if (!stored) throw missing(s.run.name);
  return Plan.parse(JSON.parse(gunzipSync(stored.body).toString()));
}

function missing(run: string): JobError {
  return new JobError("STORAGE_UNEXPECTED", `The plan of ${run} is gone from the state bucket`, {
    todo: "Start a run by hand; check the state bucket's lifecycle rules.",
  });
}
