import type { PlannedCall } from "../../lab/ringcentral/planned-calls.ts";
import { between, pick, type Random } from "../../lab/ringcentral/random.ts";
import { addDays } from "../../shared/core/time/days.ts";
import { stormFirstDay } from "./storm-plan.ts";

const hourMs = 3_600_000;

/** Creates a company's calls: some days are empty, one may be big, some records and recordings come late. */
export function makeCompany(random: Random, days: number): readonly PlannedCall[] {
  const busiest = pick(random, [0, 2, 4, 6, 8, 12]);
  const late = random() < 0.4;
  const calls: PlannedCall[] = [];
  for (let day = 0; day < days; day++) {
    const count = day < 5 ? between(random, 0, busiest) : between(random, 0, 2);
    calls.push(...callsOn(random, addDays(stormFirstDay, day), { count, late }));
  }
  // A company without any recording proves little.
  return calls.some(({ recording }) => recording) ? calls : [...calls, ...callsOn(random, stormFirstDay, always)];
}

const always = { count: 3, late: false, recordedShare: 1 };

export interface CallsOptions {
  readonly count: number;
  readonly late?: boolean;
  /** @default 0.7 */
  readonly recordedShare?: number;
  /** Distinguishes ids made for the same day. */
  readonly name?: string;
  readonly extraBytes?: number;
}

/** Creates calls in the afternoon of a day, in New York as in UTC. */
export function callsOn(random: Random, day: string, options: CallsOptions): PlannedCall[] {
  const { count, late = false, recordedShare = 0.7, name = "c", extraBytes } = options;
  return Array.from({ length: count }, (_, index) => {
    const id = `${day.replaceAll("-", "")}${name}${index}`;
    const startMs = Date.parse(`${day}T15:00:00Z`) + index * 20_000 + between(random, 0, 9_999);
    const startTime = new Date(startMs).toISOString();
    const isLate = late && random() < 0.2;
    const visibleAt = isLate ? new Date(startMs + between(random, 1, 14) * hourMs).toISOString() : undefined;
    const isRecorded = random() < recordedShare;
    const readyLate = late && random() < 0.2;
    const readyAt = readyLate ? new Date(startMs + between(random, 2, 40) * hourMs).toISOString() : undefined;
    return {
      ...{ id, startTime },
      ...(visibleAt && { visibleAt }),
      ...(extraBytes !== undefined && { extraBytes }),
      ...(isRecorded && {
        recording: {
          id: `9${id.replace(/\D/g, "")}${name.charCodeAt(0)}`,
          bytes: between(random, 200, 3_000),
          ...(readyAt && { readyAt }),
        },
        recordingNamedBy: pick(random, ["record", "record", "record and legs", "leg"]),
      }),
    };
  });
}

export function recordingIdsOf(calls: readonly PlannedCall[]): readonly string[] {
  return calls.flatMap(({ recording }) => (recording ? [recording.id] : []));
}
