import { type AccessLine, okLine, warningLine } from "../../core/access/access-line.ts";
import { analyticsHttpRequest } from "../../core/analytics/analytics-query.ts";
import { recordingReferences } from "../../core/calls/call-record.ts";
import { addDays, dayMs, dayOf } from "../../core/time/days.ts";
import { fetchAnalytics, parseAnalyticsResponse } from "../../ringcentral/endpoints/analytics.ts";
import { fetchCallLogPage, recordedCallsUrl } from "../../ringcentral/endpoints/call-log.ts";
import { NotAudioError, probeRecording } from "../../ringcentral/endpoints/recording.ts";
import { recordingContentUrl } from "../../ringcentral/http/recording-content-url.ts";
import type { AccessServices } from "./services.ts";
import { tryCheck } from "./try-check.ts";

/** A call with a recording is looked for in these last days, but for the last hours: RingCentral may not have its audio yet. */
const soughtDays = 7;
const readyAfterMs = 3 * 3_600_000;
/** RingCentral may refuse one recording alone: only if it refuses several, it refuses all. */
const maxTriedRecordings = 3;

/** Sends the smallest request of each kind that jobs send, because only RingCentral's answer shows what it permits. */
export async function checkRequests(services: AccessServices, scopes: readonly string[]): Promise<AccessLine[]> {
  const lines = scopes.includes("ReadCallLog") ? await checkCalls(services, scopes) : [];
  if (!scopes.includes("Analytics")) return lines;
  return [...lines, await tryCheck("analytics", () => checkAnalytics(services))];
}

/** Requests of the rate group Heavy are left to a job that is at work on it. */
async function checkCalls(services: AccessServices, scopes: readonly string[]): Promise<AccessLine[]> {
  if ((await services.heavyJobsAtWork()) > 0)
    return [okLine("call log", "not requested, because a job is fetching calls")];
  let urls: readonly string[] = [];
  const callLog = await tryCheck("call log", async () => {
    urls = await findRecordings(services);
    return okLine("call log", urls.length > 0 ? "can be listed" : `can be listed; no recording in ${soughtDays} days`);
  });
  if (urls.length === 0 || !scopes.includes("ReadCallRecording")) return [callLog];
  return [callLog, await tryCheck("recordings", () => checkRecordings(services, urls))];
}

/** Returns the URLs of recordings that RingCentral lists. */
async function findRecordings({ client, now }: AccessServices): Promise<readonly string[]> {
  const to = new Date(now().getTime() - readyAfterMs);
  const from = new Date(to.getTime() - soughtDays * dayMs);
  const { records } = await fetchCallLogPage(client, recordedCallsUrl(client.server, { from, to }, maxTriedRecordings));
  return recordingReferences(records)
    .slice(0, maxTriedRecordings)
    .map(({ id, contentUri }) => contentUri ?? recordingContentUrl(client.server, id));
}

/** Fetches a byte of one recording, of another only if that one cannot be fetched. */
async function checkRecordings({ client }: AccessServices, urls: readonly string[]): Promise<AccessLine> {
  const failures: AccessLine[] = [];
  for (const url of urls) {
    const line = await tryCheck("recordings", () => checkRecording(client, url));
    if (line.level === "ok") return line;
    failures.push(line);
  }
  const [first = okLine("recordings", "none")] = failures;
  return failures.length > 1 ? first : { ...first, level: "warning" };
}

async function checkRecording(client: AccessServices["client"], url: string): Promise<AccessLine> {
  try {
    await probeRecording(client, url);
    return okLine("recordings", "can be downloaded");
  } catch (error) {
    if (!(error instanceof NotAudioError)) throw error;
    return warningLine("recordings", error.message, "Check again tomorrow. If it stays, ask RingCentral's support.");
  }
}

/** Asks for yesterday's number of calls. */
async function checkAnalytics({ client, now, timeZone }: AccessServices): Promise<AccessLine> {
  const to = dayOf(now(), timeZone);
  const query = { group: "Company", interval: "Day", from: addDays(to, -1), to } as const;
  const request = analyticsHttpRequest(query, 1, { timeZone, metrics: ["allCalls"] });
  parseAnalyticsResponse(await fetchAnalytics(client, request));
  return okLine("analytics", "can be fetched");
}
