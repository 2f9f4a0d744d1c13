import type { AwsFault } from "../../lab/aws/faults.ts";
import type { Lambda } from "../../lab/lambda/server.ts";
import type { AccountPlan } from "../../lab/ringcentral/account-plan.ts";
import type { Fault, FaultEffect } from "../../lab/ringcentral/faults.ts";
import type { RingCentralLab } from "../../lab/ringcentral/server.ts";

/** Phase of a night in which a fault strikes. */
export type Phase = "log in" | "open" | "list" | "plan" | "fetch" | "close" | "ledger" | "every";

/** When the run is killed: never, or at the next write after the fault has struck. */
export type Kill = "not killed" | "killed at the next write";

/** Objects that a row may use, in a world of deployed bundles or in this process. */
export interface FaultStage {
  readonly ringCentral: RingCentralLab;
  /** Replaces the credential's secret. */
  readonly putCredential: (credential: object | string) => void;
  /** Starts another run in parallel to that of the night. */
  readonly startAnother: () => Promise<unknown>;
}

/** The same if Lambda itself runs the job, with execution names and a limited /tmp. */
export interface LambdaStage extends FaultStage {
  readonly startAgain: () => Promise<unknown>;
  readonly lambda: Pick<Lambda, "limitStorage">;
}

/** A row of the table: one fault in one phase. */
export interface FaultRow<Stage = FaultStage> {
  readonly fault: string;
  readonly phase: Phase;
  readonly ringCentral?: readonly Fault[];
  readonly aws?: readonly AwsFault[];
  /** Action at the arrival of the phase's first request, without planned faults. */
  readonly act?: (stage: Stage) => Promise<unknown>;
  /** Action that ends the fault before the undisturbed night. */
  readonly undo?: (stage: Stage) => void;
  readonly account?: AccountPlan;
  /** Error of the container's clock in ms. */
  readonly clockErrorMs?: number;
  /** Size of /tmp in bytes. @default no limit */
  readonly tmpBytes?: number;
  /** One kill only, if the other would repeat another row's. @default both */
  readonly kills?: readonly Kill[];
  /** True if the job cannot tell it from another row: it strikes only with `EVERY_CELL`. @default false */
  readonly isLikeAnother?: boolean;
  /** Errors with which the night may fail. @default it must succeed */
  readonly mayFail?: readonly string[];
}

const always = "always" as const;

const dayMs = 24 * 3_600_000;
const denied = {
  errorCode: "CMN-401",
  message: "x",
  permissionName: "ReadCallLog",
  errors: [{ errorCode: "CMN-401" }],
};
/** Concerns one item only, unlike the code above. */
const refused = { errorCode: "CMN-419", message: "x", errors: [{ errorCode: "CMN-419" }] };
const rateLimited = { status: 429, penaltyMs: 60_000, headers: { "retry-after": "60" } };

interface AnywhereFault {
  readonly fault: string;
  readonly what: FaultEffect;
  /** @default 1 */
  readonly times?: number;
  /** True if nothing that is stored tells of it: a kill afterwards is one of kill-everywhere.test.ts. @default false */
  readonly isForgotten?: boolean;
  /** The phase that is tested for both, if the client deals with it alike in both. @default both are tested */
  readonly shownIn?: "list" | "fetch";
}

/** Faults of RingCentral at any request. */
const anywhere: readonly AnywhereFault[] = [
  { fault: "401", what: { status: 401 }, shownIn: "fetch" },
  { fault: "evicted session", what: "evict", shownIn: "list" },
  { fault: "429 with penalty", what: rateLimited, shownIn: "list" },
  { fault: "503 with Retry-After", what: { status: 503, headers: { "retry-after": "30" } }, shownIn: "fetch" },
  { fault: "503 without Retry-After", what: { status: 503 }, times: 5 },
  { fault: "slow headers", what: "slowHeaders", isForgotten: true },
  { fault: "stalled body", what: "stall", isForgotten: true },
  { fault: "cut body", what: "cut", times: 2 },
  { fault: "dropped connection", what: "drop", times: 5, isForgotten: true },
  { fault: "lost response", what: "lostResponse", isForgotten: true },
];

const endpoints = { open: "account", list: "callLog", fetch: "recordingContent" } as const;

const ringCentralAnywhere: FaultRow[] = anywhere.flatMap(({ fault, what, times = 1, isForgotten = false, shownIn }) => {
  const faultOn = (on: (typeof endpoints)[keyof typeof endpoints]): Fault => ({ on, what, times });
  const everywhere: FaultRow = {
    fault: `${fault} in each phase`,
    phase: "every",
    kills: ["not killed"],
    ringCentral: Object.values(endpoints).map(faultOn),
  };
  const here = (isForgotten ? [] : (["list", "fetch"] as const)).map(
    (phase): FaultRow => ({
      fault,
      phase,
      kills: ["killed at the next write"],
      isLikeAnother: shownIn !== undefined && shownIn !== phase,
      ringCentral: [faultOn(endpoints[phase])],
    }),
  );
  return [everywhere, ...here];
});

/** Faults of one endpoint only. */
const ringCentralHere: FaultRow[] = [
  ...(["open", "list", "fetch"] as const).flatMap((phase): FaultRow[] => [
    {
      fault: "403 for everything",
      phase,
      ringCentral: [{ on: endpoints[phase], what: { status: 403, body: denied }, times: always }],
      mayFail: ["API_REFUSED"],
    },
    {
      fault: "redirect to another host",
      phase,
      ringCentral: [{ on: endpoints[phase], what: { redirect: "http://localhost:1/steal" }, times: always }],
      mayFail: ["HOST_NOT_ALLOWED", "DAYS_INCOMPLETE", "API_REFUSED"],
    },
  ]),
  {
    fault: "403 for one",
    phase: "fetch",
    ringCentral: [{ on: "recordingContent", what: { status: 403, body: refused } }],
  },
  { fault: "404 then ready", phase: "fetch", ringCentral: [{ on: "recordingContent", what: { status: 404 } }] },
  {
    fault: "404 for ever",
    phase: "fetch",
    ringCentral: [{ on: "recordingContent", what: { status: 404 }, times: always }],
  },
  {
    fault: "wrong length",
    phase: "fetch",
    ringCentral: [{ on: "recordingContent", what: { wrongLength: "chunked" } }],
  },
  { fault: "JSON as audio", phase: "fetch", ringCentral: [{ on: "recordingContent", what: "jsonAsAudio" }] },
  {
    fault: "hostile nextPage",
    phase: "list",
    ringCentral: [{ on: "callLog", what: { hostileNextPage: "http://localhost:1/steal" }, times: always }],
    mayFail: ["DAYS_INCOMPLETE"],
  },
  { fault: "500 at the login", phase: "log in", ringCentral: [{ on: "token", what: { status: 500 } }] },
  { fault: "lost response", phase: "log in", ringCentral: [{ on: "token", what: "lostResponse" }] },
];

/** Every kind of object that a night writes, by the phase that writes it. */
const writes: readonly { readonly phase: Phase; readonly key: RegExp }[] = [
  { phase: "log in", key: /^tokens\// },
  { phase: "open", key: /^owners\// },
  { phase: "list", key: /^calls\/.*jsonl/ },
  { phase: "list", key: /^events\// },
  { phase: "plan", key: /^plans\// },
  { phase: "fetch", key: /^recordings\// },
  { phase: "close", key: /^calls\/.*csv/ },
  { phase: "close", key: /^manifests\// },
  { phase: "ledger", key: /^ledger\// },
];

const s3: readonly S3Fault[] = [
  { fault: "S3 503", what: { status: 503, code: "SlowDown" }, times: 4, isForgotten: true },
  { fault: "S3 409", what: { status: 409, code: "ConditionalRequestConflict" }, times: 4, isForgotten: true },
  { fault: "S3 412", what: { status: 412, code: "PreconditionFailed" }, times: 1 },
  { fault: "S3 lost response", what: "lostResponse", times: 1 },
];

interface S3Fault {
  readonly fault: string;
  readonly what: AwsFault["what"];
  readonly times: number;
  /** True if a retried write leaves nothing of it: a kill afterwards is one of kill-everywhere.test.ts. @default false */
  readonly isForgotten?: boolean;
}

/** A conditional write can fail only where there is one. */
const unconditional = /events|plans|csv/;

const s3Writes: FaultRow[] = s3.flatMap(({ fault, what, times, isForgotten = false }) => {
  const met = writes.filter(({ key }) => fault !== "S3 412" || !unconditional.test(String(key)));
  const faultAt = (key: RegExp) => ({ on: { operation: "PutObject", key }, what, times });
  const everywhere: FaultRow = {
    fault: `${fault} at every kind of write`,
    phase: "every",
    kills: ["not killed"],
    aws: met.map(({ key }) => faultAt(key)),
  };
  const here = (isForgotten ? [] : met).map(
    ({ phase, key }): FaultRow => ({
      fault: `${fault} at ${String(key)}`,
      phase,
      kills: ["killed at the next write"],
      // Such a write is simply done again.
      isLikeAnother: what === "lostResponse" && unconditional.test(String(key)),
      aws: [faultAt(key)],
    }),
  );
  return [everywhere, ...here];
});

/** From the phase's first write on, no request to the state bucket is answered for a while. */
const stateAway: FaultRow[] = writes
  .filter(({ key }) => /owners|events|plans/.test(String(key)))
  .map(({ phase, key }) => ({
    fault: `state bucket away from ${String(key)} on`,
    phase,
    aws: [{ on: { key }, what: { status: 503, code: "SlowDown" }, times: 12 }],
  }));

const oneBigDay = { perDay: (date: string) => (date === "2026-11-03" ? 1_700 : 2), recordedShare: 0 };
/** Its recording is too long to be kept in memory. */
const longCall = { id: "long", startTime: "2026-11-03T15:00:00.000Z", recording: { id: "1", bytes: 9_000_000 } };

/** Faults by operators, AWS and the container itself. */
const surroundings: readonly FaultRow[] = [
  ...(["open", "list", "fetch"] as const).flatMap((phase): FaultRow[] => [
    {
      fault: "secret rotated in mid-run",
      phase,
      // The login that follows is that of any other phase.
      isLikeAnother: phase === "list",
      act: async ({ ringCentral, putCredential }) => {
        putCredential(await ringCentral.newCredential());
        ringCentral.evictSessions();
      },
    },
    {
      fault: "secret emptied",
      phase,
      act: async ({ ringCentral, putCredential }) => {
        putCredential("");
        ringCentral.evictSessions();
      },
      undo: ({ ringCentral, putCredential }) => putCredential(ringCentral.credential),
      mayFail: ["CREDENTIAL_MISSING", "CREDENTIAL_INVALID"],
    },
    { fault: "newer run taking over", phase, act: ({ startAnother }) => startAnother() },
  ]),
  ...[-1, 1].map(
    (sign): FaultRow => ({
      fault: `clock of the container wrong by ${sign} day`,
      phase: "open",
      act: async () => {},
      clockErrorMs: sign * dayMs,
    }),
  ),
];

const endStorageLimit = ({ lambda }: LambdaStage) => lambda.limitStorage("archive-calls", 1_000_000_000);

/** Faults of Lambda itself. */
export const lambdaFaultTable: readonly FaultRow<LambdaStage>[] = [
  {
    fault: "duplicate start with a full disk in /tmp",
    phase: "fetch",
    kills: ["killed at the next write"],
    act: ({ startAgain }) => startAgain(),
    undo: endStorageLimit,
    tmpBytes: 1_000_000,
    account: { plannedCalls: [longCall] },
  },
  {
    fault: "full disk in /tmp",
    phase: "list",
    kills: ["not killed"],
    act: async () => {},
    undo: endStorageLimit,
    // A part of a listing goes to /tmp when it has more than 256 KiB, compressed.
    tmpBytes: 10_000,
    account: { calls: oneBigDay, callLog: { maxPerPage: 1_000 } },
    mayFail: ["DAYS_INCOMPLETE"],
  },
];

export const faultTable: readonly FaultRow[] = [
  ...[...ringCentralAnywhere, ...ringCentralHere],
  ...[...s3Writes, ...stateAway, ...surroundings],
];

/** Before anything is listed, only kill-everywhere.test.ts has something that a kill could interrupt. */
const beforeTheWork: readonly Phase[] = ["log in", "open"];
const both: readonly Kill[] = ["not killed", "killed at the next write"];

/** A row with one of its kills. */
export type FaultCell<Stage = FaultStage> = FaultRow<Stage> & { readonly kill: Kill };

/** Every row, with each of its kills. */
export function faultCells<Stage>(table: readonly FaultRow<Stage>[]): readonly FaultCell<Stage>[] {
  return table.flatMap((row) => {
    const kills = row.kills ?? (beforeTheWork.includes(row.phase) ? both.slice(0, 1) : both);
    return kills.map((kill) => ({ ...row, kill }));
  });
}
