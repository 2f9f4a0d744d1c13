import type { Row } from "../tables/table-schema.ts";
import { countable } from "./countable.ts";
import type { RecordingFigures } from "./day-figures.ts";

/** Columns of the table `recordings` that are counted. */
export const recordingColumns = ["call_id", "state", "bytes", "duration_seconds"] as const;
export type CountedRecording = Pick<Row<"recordings">, (typeof recordingColumns)[number]>;

/** Counts a day's recordings by state. The duration of a call counts once, however many recordings it has. */
export interface RecordingCount {
  readonly add: (recording: CountedRecording) => void;
  readonly figures: () => RecordingFigures;
}

const names: Readonly<Record<string, Exclude<keyof RecordingFigures, "bytes" | "seconds">>> = {
  stored: "stored",
  pending: "pending",
  "not-found": "notFound",
  refused: "refused",
  "already-deleted": "alreadyDeleted",
  lost: "lost",
};

/** No recordings. */
export const noRecordings: RecordingFigures = {
  ...{ stored: 0, pending: 0, notFound: 0, refused: 0, alreadyDeleted: 0, lost: 0 },
  ...{ bytes: 0, seconds: 0 },
};

/** Creates an empty count. */
export function createRecordingCount(): RecordingCount {
  const figures = { ...noRecordings };
  const recordedCalls = new Set<string>();
  return {
    add: ({ call_id, state, bytes = 0, duration_seconds = 0 }) => {
      const name = names[state];
      if (name === undefined) return;
      figures[name]++;
      if (name !== "stored") return;
      figures.bytes += countable(bytes);
      if (!recordedCalls.has(call_id)) figures.seconds += countable(duration_seconds);
      recordedCalls.add(call_id);
    },
    figures: () => figures,
  };
}
