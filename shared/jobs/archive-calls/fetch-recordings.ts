import { MetricName } from "../../contract.ts";
import type { CallDayEvent } from "../../core/calls/call-manifest.ts";
import { attemptKey } from "../../core/calls/recording-state.ts";
import { failedInBulk, isCounted, type Tally } from "../../core/whose-fault.ts";
import { audioTypeOf } from "../../ringcentral/endpoints/audio-headers.ts";
import { NotAudioError } from "../../ringcentral/endpoints/recording.ts";
import { discardBody } from "../../ringcentral/http/body.ts";
import { recordingContentUrl } from "../../ringcentral/http/recording-content-url.ts";
import type { Items } from "../../runtime/items.ts";
import { appendEvents } from "../../storage/day-events.ts";
import { attemptOf, downloadFailure } from "./attempt.ts";
import { countAttempts } from "./count-attempts.ts";
import { createDownloadPace } from "./download-pace.ts";
import { fetchRecording } from "./fetch-recording.ts";
import type { DaysToArchive } from "./find-days-to-archive.ts";
import { countDue, type DueRecording, type RecordingPlan, readDueRecordings } from "./plan-recordings.ts";
import type { ArchiveServices } from "./services.ts";

/** The rate gate usually allows fewer. */
const downloadConcurrency = 64;
/** What came of so many recordings is stored together. */
const maxUnsaved = 64;

/** The planned recordings. What came of each is an event of its day; what failed is due again by the ladder. */
export function fetchRecordings(
  s: ArchiveServices,
  { account }: DaysToArchive,
  plan: RecordingPlan,
): Items<DueRecording> {
  const pace = createDownloadPace(s);
  const events = createEventBuffer(s, account, countDue(plan.days));
  const fetch = oneAtATime((due, succeeded) => fetchRecording(s, { account, due, succeeded, pace }));
  const { newestStored } = plan;
  return {
    concurrency: downloadConcurrency,
    maxUnsaved,
    from: (place) => readDueRecordings(s, plan, place),
    nameOf: ({ day }) => day,
    groupOf: ({ day }) => day,
    isFirstTime: ({ isFirst }) => isFirst === true,
    resultOf: (error) => attemptKey(attemptOf(error)),
    areFewReported: true,
    work: async (due, succeeded) => {
      if (due.planError) throw due.planError;
      events.add(due, await fetch(due, succeeded));
    },
    reportFailure: async (due, { error }) => {
      s.log.warn("recording not fetched", { day: due.day, recording: due.id, ...error.toJSON() });
      if (due.planError) return;
      const attempt = { run: s.run.name, at: s.now().toISOString(), ...attemptOf(error) };
      events.add(due, { type: "attempt-failed", id: due.id, attempt: attempt });
    },
    save: events.save,
    control: (done) => {
      const stored = newestStored ?? done?.id;
      return stored === undefined ? undefined : fetchOneByte(s, stored);
    },
    end: async (tally) => {
      await countAttempts(s, { account, plan, isCounted: (attempt) => isCounted(attemptKey(attempt), tally) });
      reportBulk(s, tally);
    },
  };
}

/** One byte of a recording that was fetched before: whether RingCentral gives recordings at all. */
async function fetchOneByte(s: ArchiveServices, id: string): Promise<void> {
  const url = recordingContentUrl(s.client.server, id);
  const response = await s.client.send(url, { group: "heavy", headers: { range: "bytes=0-0" } });
  await discardBody(response);
  if (!audioTypeOf(response)) throw downloadFailure(new NotAudioError(response), s.now());
}

function reportBulk(s: ArchiveServices, tally: Tally): void {
  const failed = failedInBulk(tally);
  if (tally.left > 0) s.log.warn("recordings left for the next run", { left: tally.left });
  if (failed > 0) s.log.error("recordings failed in bulk", { failed, alike: tally.alike });
}

type Fetch = (due: DueRecording, succeeded: () => void) => Promise<CallDayEvent>;

/** What calls of two days name is fetched for one after the other: the second finds it stored. */
function oneAtATime(fetch: Fetch): Fetch {
  const underWay = new Map<string, Promise<unknown>>();
  return async (due, succeeded) => {
    const before = underWay.get(due.id) ?? Promise.resolve();
    const fetching = before.catch(() => undefined).then(() => fetch(due, succeeded));
    underWay.set(due.id, fetching);
    try {
      return await fetching;
    } finally {
      if (underWay.get(due.id) === fetching) underWay.delete(due.id);
    }
  };
}

/** Collects what came of recordings, and stores it day by day. */
function createEventBuffer(s: ArchiveServices, account: string, planned: number) {
  let unsaved: { readonly due: DueRecording; readonly event: CallDayEvent }[] = [];
  return {
    add: (due: DueRecording, event: CallDayEvent) => void unsaved.push({ due, event }),
    save: async () => {
      // More may be added meanwhile; and what could not be stored is kept.
      const batch = [...unsaved];
      for (const [day, ofDay] of Map.groupBy(batch, ({ due }) => due.day)) {
        const name = `fetched-${s.now().toISOString()}-${ofDay[0]?.due.id}`;
        await appendEvents(
          s,
          { account, day, name },
          ofDay.map(({ event }) => event),
        );
      }
      unsaved = unsaved.slice(batch.length);
      for (const [day, ofDay] of Map.groupBy(batch, ({ due }) => due.day)) {
        const stored = ofDay.flatMap(({ event }) => (event.type === "stored" ? [event.object] : []));
        const bytes = stored.reduce((sum, object) => sum + object.bytes, 0);
        s.metrics.add(MetricName.recordingsStored, stored.length);
        s.metrics.add(MetricName.recordingBytesStored, bytes);
        const rate = rateOf(s.client.gate("heavy").rateLimit());
        s.log.info("recordings fetched", { day, stored: stored.length, tried: ofDay.length, bytes, planned, ...rate });
      }
    },
  };
}

/** The rate limit as log and progress tell it. */
function rateOf(budget: { readonly limit: number; readonly windowMs: number } | undefined) {
  return budget && { perWindow: budget.limit, windowSeconds: budget.windowMs / 1000 };
}
