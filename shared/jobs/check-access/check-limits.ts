import { rateGroups } from "../../contract.ts";
import type { AccessLine } from "../../core/access/access-line.ts";
import { capacityLine, rateLine } from "../../core/access/limit-lines.ts";
import { capLine, recentRecordings, recordingLine } from "../../core/access/recording-lines.ts";
import { DayIndex } from "../../core/day-index.ts";
import { aggregateKeys } from "../../core/object-keys.ts";
import { dayOf } from "../../core/time/days.ts";
import { fetchRecordingSettings } from "../../ringcentral/endpoints/account.ts";
import { parseStored } from "../../storage/stored-json.ts";
import { mayHaveUsedLimits } from "./own-requests.ts";
import type { AccessServices } from "./services.ts";
import { tryCheck } from "./try-check.ts";

/** RingCentral's default for the Heavy rate group. https://developers.ringcentral.com/guide/basics/rate-limits */
const defaultHeavyPerMinute = 10;

/** Checks RingCentral's recording settings, and compares the company's recordings with RingCentral's limits. */
export async function checkRecordingLimits(
  services: AccessServices,
  account: string | undefined,
): Promise<readonly AccessLine[]> {
  const further: AccessLine[] = [];
  const settings = await tryCheck("call recording", async () => {
    const settings = await fetchRecordingSettings(services.client);
    const index = account === undefined ? undefined : await readIndex(services, account);
    const recent = recentRecordings(index, { today: dayOf(services.now(), services.timeZone), settings });
    further.push(capLine(recent?.automatic, settings), capacityLine(recent?.perDay, heavyPerMinute(services)));
    return recordingLine(settings);
  });
  return [settings, ...further];
}

async function readIndex({ state }: AccessServices, account: string): Promise<DayIndex | undefined> {
  return parseStored(DayIndex, await state.get(aggregateKeys.calls.dayIndex(account)));
}

function heavyPerMinute({ client }: AccessServices): number {
  const rate = client.gate("heavy").rateLimit();
  return rate ? (rate.limit * 60_000) / rate.windowMs : defaultHeavyPerMinute;
}

/** Compares what RingCentral counted in its rate windows with what this check has sent. */
export async function checkRateLimits(services: AccessServices): Promise<AccessLine[]> {
  const lines: AccessLine[] = [];
  for (const group of rateGroups) {
    const gate = services.client.gate(group);
    const [rate, others] = [gate.rateLimit(), gate.requestsOfOthers()];
    if (!rate || others === undefined) continue;
    const areOurs = others > 0 && (await mayHaveUsedLimits(services, rate.windowMs));
    lines.push(rateLine({ group, ...rate, others }, areOurs));
  }
  return lines;
}
