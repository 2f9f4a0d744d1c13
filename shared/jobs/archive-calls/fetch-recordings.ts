import type { CallDayEvent } from "../../core/calls/call-manifest.ts";
import { attemptKey } from "../../core/calls/recording-state.ts";
import { failedInBulk, isCounted, type Tally } from "../../core/whose-fault.ts";
import { NotAudioError, probeRecording } from "../../ringcentral/endpoints/recording.ts";
import { recordingContentUrl } from "../../ringcentral/http/recording-content-url.ts";
import type { Items } from "../../runtime/items.ts";
import type { Log } from "../../runtime/log.ts";
import { attemptOf, downloadFailure } from "./attempt.ts";
import { countAttempts } from "./count-attempts.ts";
import { createDownloadPace } from "./download-pace.ts";
import type { DueRecording } from "./due-recording.ts";
import { fetchRecording, type RecordingServices } from "./fetch-recording.ts";
import type { DaysToArchive } from "./find-days-to-archive.ts";
import { ArchiveMetric } from "./metrics.ts";
import { countDue, type RecordingPlan, readDueRecordings } from "./recording-plan.ts";
import type { ArchiveServices } from "./services.ts";

/** The rate limit usually allows fewer. */
const downloadConcurrency = 64;
/** Events that are stored together. */
const maxUnsaved = 64;

/** Fetches the planned recordings. Each attempt becomes an event of its day; a failed recording is due again later. */
export function fetchRecordings(
  services: ArchiveServices,
  { account }: DaysToArchive,
  plan: RecordingPlan,
): Items<DueRecording> {
  const pace = createDownloadPace(services.client.gate("heavy"), services.now);
  const eventBuffer = createEventBuffer(services, account, countDue(plan.days));
  const fetch = oneAtATime((due, succeeded) => fetchRecording(services, { account, due, succeeded, pace }));
  const { newestStored } = plan;
  return {
    concurrency: downloadConcurrency,
    maxUnsaved,
    from: (place) => readDueRecordings(services, plan, place),
    nameOf: ({ day }) => day,
    groupOf: ({ day }) => day,
    isFirstTime: ({ isFirst }) => isFirst === true,
    resultOf: (error) => attemptKey(attemptOf(error)),
    areFewReported: true,
    work: async (due, succeeded) => {
      if (due.planError) throw due.planError;
      eventBuffer.add(due, await fetch(due, succeeded));
    },
    reportFailure: async (due, { error }) => {
      services.log.warn("recording not fetched", { day: due.day, recording: due.id, ...error.toJSON() });
      if (due.planError) return;
      const attempt = { run: services.run.name, at: services.now().toISOString(), ...attemptOf(error) };
      eventBuffer.add(due, { type: "attempt-failed", id: due.id, attempt });
    },
    save: eventBuffer.save,
    control: (done) => {
      const stored = newestStored ?? done?.id;
      return stored === undefined ? undefined : fetchOneByte(services, stored);
    },
    end: async (tally) => {
      await countAttempts(services, { account, plan, isCounted: (attempt) => isCounted(attemptKey(attempt), tally) });
      reportBulk(services.log, tally);
    },
  };
}

/** Fetches one byte of a recording that was stored before, to test whether RingCentral serves recordings at all. */
async function fetchOneByte({ client, now }: Pick<RecordingServices, "client" | "now">, id: string): Promise<void> {
  await probeRecording(client, recordingContentUrl(client.server, id)).catch((error: unknown) => {
    throw error instanceof NotAudioError ? downloadFailure(error, now()) : error;
  });
}

function reportBulk(log: Log, tally: Tally): void {
  const failed = failedInBulk(tally);
  if (tally.left > 0) log.warn("recordings left for the next run", { left: tally.left });
  if (failed > 0) log.error("recordings failed in bulk", { failed, failedByResult: tally.failedByResult });
}

type Fetch = (due: DueRecording, succeeded: () => void) => Promise<CallDayEvent>;

/** Fetches a recording of two days one after the other, so that the second finds it stored. */
function oneAtATime(fetch: Fetch): Fetch {
  const running = new Map<string, Promise<unknown>>();
  return async (due, succeeded) => {
    const previous = running.get(due.id) ?? Promise.resolve();
    const fetching = previous.catch(() => undefined).then(() => fetch(due, succeeded));
    running.set(due.id, fetching);
    try {
      return await fetching;
    } finally {
      if (running.get(due.id) === fetching) running.delete(due.id);
    }
  };
}

/** Buffers events of recordings, and stores them day by day. */
function createEventBuffer(services: ArchiveServices, account: string, planned: number) {
  let unsaved: { readonly due: DueRecording; readonly event: CallDayEvent }[] = [];
  return {
    add: (due: DueRecording, event: CallDayEvent) => void unsaved.push({ due, event }),
    save: async () => {
      // Events added meanwhile, and events that could not be stored, stay in the buffer.
      const batch = [...unsaved];
      for (const [day, dayEvents] of Map.groupBy(batch, ({ due }) => due.day)) {
        const name = `fetched-${services.now().toISOString()}-${dayEvents[0]?.due.id}`;
        await services.dayStore(account).append(
          day,
          name,
          dayEvents.map(({ event }) => event),
        );
      }
      unsaved = unsaved.slice(batch.length);
      for (const [day, dayEvents] of Map.groupBy(batch, ({ due }) => due.day)) {
        const stored = dayEvents.flatMap(({ event }) => (event.type === "stored" ? [event.object] : []));
        const bytes = stored.reduce((sum, object) => sum + object.bytes, 0);
        services.metrics.add(ArchiveMetric.recordingsStored, stored.length);
        services.metrics.add(ArchiveMetric.recordingBytesStored, bytes);
        const rate = rateOf(services.client.gate("heavy").rateLimit());
        services.log.info("recordings fetched", {
          day,
          stored: stored.length,
          attempted: dayEvents.length,
          bytes,
          planned,
          ...rate,
        });
      }
    },
  };
}

/** Returns the rate limit for the log; the demo's progress reads it. */
function rateOf(rateLimit: { readonly limit: number; readonly windowMs: number } | undefined) {
  return rateLimit && { perWindow: rateLimit.limit, windowSeconds: rateLimit.windowMs / 1000 };
}
