import { Metric } from "../contract.ts";
import { inOrder } from "../core/in-order.ts";
import type { ManifestEvent } from "../core/manifest.ts";
import { Pause } from "../core/pause.ts";
import { isDenial } from "../core/recording-state.ts";
import { JobError } from "../errors.ts";
import { writeOutcome } from "../storage/outcomes.ts";
import { fetchRecording } from "./fetch-recording.ts";
import type { OpenDays } from "./open-days.ts";
import { type DueRecording, dueIn, dueRecordings, type Plan } from "./plan-recordings.ts";
import type { ArchiveServices } from "./services.ts";

/** Where fetching stands: recordings of the plan that are decided and written down, and fruitless slices before this one. */
export interface FetchCursor {
  readonly decided: number;
  readonly faults: number;
  /** Recordings that this run has stored. */
  readonly stored: number;
  /** Recordings that it was refused, and how many of them for the first time. */
  readonly denied: number;
  readonly deniedAnew: number;
}

/** Downloads under way at once; the rate gate usually allows fewer. */
const downloadsAtOnce = 64;
/** Outcomes are written down at the latest after so many. */
const longestUnwritten = 64;
/** After so many slices that a fault ended fruitlessly, the fault is the recording's own and is written down as such. */
const longestFaults = 2;
/** So many refusals, or addresses that are not RingCentral's, and nothing stored: that concerns everything. */
const deniedForAll = 5;

/** Fetches the planned recordings; yields where fetching stands whenever the outcomes so far are written down. */
export async function* fetchRecordings(
  s: ArchiveServices,
  { account }: OpenDays,
  plan: Plan,
  from: FetchCursor = { decided: 0, faults: 0, stored: 0, denied: 0, deniedAnew: 0 },
): AsyncGenerator<FetchCursor> {
  const notes = createNotes(s, account, { ...from, planned: dueIn(plan.days) });
  const fetch = oneAtATime((due) => fetchRecording(s, account, due));
  const work = async (due: DueRecording) => {
    const event = await fetch(due).catch((error: unknown) => {
      const why = faultOf(error);
      if (!why || from.faults < longestFaults) throw error;
      return { is: "tried", id: due.id, try: { at: s.now().toISOString(), why } } as const;
    });
    notes.add(due, event);
  };
  let { decided } = from;
  try {
    const recordings = dueRecordings(s, plan, decided);
    for await (decided of inOrder(recordings, { from: decided, width: downloadsAtOnce }, work)) {
      if (notes.unwritten() < longestUnwritten) continue;
      yield { decided, faults: 0, ...(await notes.write(decided)) };
    }
  } catch (error) {
    const counts = await notes.write(decided);
    const fault = faultOf(error) ? 1 : 0;
    yield { decided, faults: decided > from.decided ? 0 : from.faults + fault, ...counts };
    // A pause that came first must not hide that everything is denied.
    throw notes.deniedAll() ?? error;
  }
  yield { decided, faults: 0, ...(await notes.write(decided)) };
  notes.expectSome();
}

/** What calls of two days name is fetched for one after the other: the second finds it stored. */
function oneAtATime(fetch: (due: DueRecording) => Promise<ManifestEvent>): typeof fetch {
  const underWay = new Map<string, Promise<unknown>>();
  return async (due) => {
    const before = underWay.get(due.id) ?? Promise.resolve();
    const fetching = before.catch(() => undefined).then(() => fetch(due));
    underWay.set(due.id, fetching);
    try {
      return await fetching;
    } finally {
      if (underWay.get(due.id) === fetching) underWay.delete(due.id);
    }
  };
}

/** What ends a slice and may be a single recording's own fault, if it stays. */
function faultOf(error: unknown): "fault" | "no-room" | undefined {
  if (error instanceof Pause && error.reason === "fault") return "fault";
  return error instanceof JobError && error.code === "TEMPORARY_STORAGE_FAILED" ? "no-room" : undefined;
}

/** Collects what came of the recordings of one slice, and writes it down by day. */
function createNotes(s: ArchiveServices, account: string, so: FetchCursor & { readonly planned: number }) {
  let unwritten: { readonly due: DueRecording; readonly event: ManifestEvent }[] = [];
  let { stored, denied, deniedAnew } = so;
  let refusal: ManifestEvent | undefined;
  let deniedAll: JobError | undefined;
  return {
    unwritten: () => unwritten.length,
    add: (due: DueRecording, event: ManifestEvent) => {
      if (event.is === "stored") stored++;
      unwritten.push({ due, event });
      if (event.is !== "tried" || !isDenial(event.try.why)) return;
      refusal = event;
      denied++;
      if (due.refused) return;
      if (++deniedAnew < deniedForAll || stored > 0) return;
      deniedAll ??= deniedEverything(event);
      throw deniedAll;
    },
    /** Where a few are new every night, only those of many nights together show that it concerns everything. */
    expectSome: () => {
      if (stored === 0 && deniedAnew > 0 && denied >= deniedForAll) throw deniedEverything(refusal);
    },
    deniedAll: () => deniedAll,
    /** Tells what the run has come to by now. */
    write: async (decided: number) => {
      for (const [day, notes] of Map.groupBy(unwritten, ({ due }) => due.day)) {
        const name = `fetched-${String(decided).padStart(7, "0")}-${notes[0]?.due.id}`;
        const events = notes.map(({ event }) => (event.is === "tried" ? withOthers(event, stored > 0) : event));
        await writeOutcome(s, { account, day, name }, events);
        const got = events.filter((event) => event.is === "stored");
        const bytes = got.reduce((sum, { object }) => sum + object.bytes, 0);
        s.metrics.add(Metric.recordingsStored, got.length);
        s.metrics.add(Metric.recordingBytes, bytes);
        const budget = s.client.gate("heavy").budget();
        s.log.info("recordings fetched", {
          day,
          stored: got.length,
          bytes,
          decided,
          planned: so.planned,
          ...rate(budget),
        });
      }
      unwritten = [];
      return { stored, denied, deniedAnew };
    },
  };
}

/** Notes whether others came: if none did, it may be RingCentral that has none to give. */
function withOthers(event: Extract<ManifestEvent, { is: "tried" }>, othersCame: boolean): ManifestEvent {
  return { ...event, try: { ...event.try, ...(othersCame && { othersCame }) } };
}

/** The budget as log and progress tell it. */
function rate(budget: { readonly limit: number; readonly windowMs: number } | undefined) {
  return budget && { perWindow: budget.limit, windowSeconds: budget.windowMs / 1000 };
}

function deniedEverything(event: ManifestEvent | undefined): JobError {
  const errorCode = event?.is === "tried" ? event.try.code : undefined;
  return new JobError("API_REFUSED", `${deniedForAll} recordings could not be had and none was given: ${errorCode}`, {
    todo: "Check that the service user's role may access the recordings of the whole company, and the credential's server; nothing was given up.",
    details: { errorCode },
  });
}
