import { Metric } from "../contract.ts";
import type { DueRecording } from "../core/fetch-order.ts";
import { inOrder } from "../core/in-order.ts";
import type { ManifestEvent } from "../core/manifest.ts";
import { Pause } from "../core/pause.ts";
import { JobError } from "../errors.ts";
import { fetchRecording } from "./fetch-recording.ts";
import type { OpenDays } from "./open-days.ts";
import { writeOutcome } from "./outcomes.ts";
import { readPlan } from "./plan-recordings.ts";
import type { ArchiveServices } from "./services.ts";

/** Where fetching stands: recordings of the plan that are decided and written down, and fruitless slices before this one. */
export interface FetchCursor {
  readonly decided: number;
  readonly faults: number;
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
  from: FetchCursor = { decided: 0, faults: 0 },
): AsyncGenerator<FetchCursor> {
  const plan = await readPlan(s);
  const notes = createNotes(s, account, plan.length);
  const work = async (due: DueRecording) => {
    const event = await fetchRecording(s, account, due).catch((error: unknown) => {
      const own = error instanceof Pause && error.reason === "fault" && from.faults >= longestFaults;
      if (!own) throw error;
      return { is: "tried", id: due.id, try: { at: s.now().toISOString(), why: "fault" } } as const;
    });
    notes.add(due, event);
  };
  let decided = from.decided;
  try {
    for await (decided of inOrder(plan, from.decided, downloadsAtOnce, work)) {
      if (notes.unwritten() < longestUnwritten) continue;
      await notes.write(decided);
      yield { decided, faults: 0 };
    }
  } catch (error) {
    await notes.write(decided);
    const fault = error instanceof Pause && error.reason === "fault" ? 1 : 0;
    yield { decided, faults: decided > from.decided ? 0 : from.faults + fault };
    throw error;
  }
  await notes.write(decided);
  yield { decided, faults: 0 };
}

/** Collects what came of the recordings of one slice, and writes it down by day. */
function createNotes(s: ArchiveServices, account: string, planned: number) {
  let unwritten: { readonly due: DueRecording; readonly event: ManifestEvent }[] = [];
  let stored = 0;
  let denied = 0;
  return {
    unwritten: () => unwritten.length,
    add: (due: DueRecording, event: ManifestEvent) => {
      if (event.is === "stored") stored++;
      unwritten.push({ due, event });
      if (isDenied(event) && ++denied >= deniedForAll && stored === 0) {
        unwritten = unwritten.filter((each) => !isDenied(each.event));
        throw deniedEverything(event);
      }
    },
    write: async (decided: number) => {
      if (unwritten.length === 0) return;
      for (const [day, notes] of Map.groupBy(unwritten, ({ due }) => due.day)) {
        const name = `fetched-${String(decided).padStart(7, "0")}-${notes[0]?.due.id}`;
        const events = notes.map(({ event }) => event);
        await writeOutcome(s.state, { account, day, run: s.run.name, name }, events);
        const got = events.filter((event) => event.is === "stored");
        const bytes = got.reduce((sum, { object }) => sum + object.bytes, 0);
        s.metrics.add(Metric.recordingsStored, got.length);
        s.metrics.add(Metric.recordingBytes, bytes);
        const budget = s.client.gate("heavy").budget();
        s.log.info("recordings fetched", { day, stored: got.length, bytes, decided, planned, ...rate(budget) });
      }
      unwritten = [];
    },
  };
}

/** The budget as log and progress tell it. */
function rate(budget: { readonly limit: number; readonly windowMs: number } | undefined) {
  return budget && { perWindow: budget.limit, windowSeconds: budget.windowMs / 1000 };
}

function isDenied(event: ManifestEvent): boolean {
  return event.is === "tried" && (event.try.why === "refused" || event.try.why === "unexpected");
}

function deniedEverything(event: ManifestEvent): JobError {
  const errorCode = event.is === "tried" ? event.try.code : undefined;
  return new JobError("API_REFUSED", `${deniedForAll} recordings could not be had and none was given: ${errorCode}`, {
    todo: "Check that the service user's role may access the recordings of the whole company, and the credential's server; nothing was given up.",
    details: { errorCode },
  });
}
