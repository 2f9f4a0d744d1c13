import { ArchivePrefix, StatePrefix } from "./contract.ts";

/** What the infrastructure and the runtime know of a job; pure data, so that nothing is written twice. */
export interface JobDeployment {
  /** When it runs: an EventBridge Scheduler expression in the account's time zone. Never between 01:00 and 03:00, which a change of clocks may skip. */
  readonly schedule: string;
  /** RingCentral app scopes that its access token asks for. Heavy requests belong to `archive-calls` alone. */
  readonly scopes: readonly string[];
  /** Prefixes that it reads and writes; it deletes nothing. */
  readonly archive: readonly string[];
  readonly state: readonly string[];
  readonly memoryMb: number;
  /** Room in /tmp for recordings too large for memory. */
  readonly ephemeralStorageMb: number;
}

export const jobs = {
  "archive-calls": {
    schedule: "cron(30 3 * * ? *)",
    scopes: ["ReadAccounts", "ReadCallLog", "ReadCallRecording"],
    archive: Object.values(ArchivePrefix),
    state: Object.values(StatePrefix),
    memoryMb: 1024,
    ephemeralStorageMb: 10_240,
  },
} as const satisfies Record<string, JobDeployment>;

/** A job's name: its file in `functions/`, its bundle in `dist/` and its entry here. */
export type JobName = keyof typeof jobs;
