import { setTimeout as sleep } from "node:timers/promises";
import { openWorld, type World } from "../../lab/demo/world.ts";
import type { Counters } from "../../lab/ringcentral/counters.ts";
import type { RateLimit } from "../../lab/ringcentral/rate-limiter.ts";
import { type Peer, runPeer, scriptOf } from "./peers/run-peer.ts";
import { type Stored, storedWhole } from "./peers/stored-whole.ts";
import type { Figure } from "./table.ts";
import { watchPeak } from "./watch-peak.ts";

const day = "2026-11-03";
const recordingBytesStored = 2_000_000;
/** Maximum duration of one Lambda invocation in ms. */
const invocationMs = 15 * 60 * 1000;

/** Archivers of the day, and the command lines of their processes. */
interface Contestant {
  readonly name: string;
  readonly program: string;
  readonly work: (world: World) => Promise<Bill>;
}

interface Bill {
  readonly invocations: number;
  readonly billedMs: number;
}

interface Measured extends Bill {
  readonly counters: Counters;
  readonly peakBytes: number;
  readonly stored: Stored;
}

const contestants: readonly Contestant[] = [
  { name: "Nightshift", program: "lab/lambda/runtime-loop.mjs", work: nightshift },
  peer("@rc-ex/core", "rc-ex"),
  peer("@ringcentral/sdk", "ringcentral-sdk"),
];

/** Measures one day archived by Nightshift and by plain archivers on RingCentral's two clients, each with its own account. */
export async function peerFigures(quick: boolean): Promise<readonly Figure[]> {
  const recordings = quick ? 19 : 49;
  // Both peers wait for as many whole seconds as a response's headers say, so a window need not last RingCentral's minute.
  const windowMs = quick ? 3_000 : 10_000;
  const heavy: RateLimit = { limit: 10, windowMs, penaltyMs: windowMs };
  const measured = await Promise.all(
    contestants.map(async (contestant, n) => {
      // Together, as most of it is waiting; a third of a window apart, so that their work does not coincide.
      await sleep((n * windowMs) / contestants.length);
      return measure(contestant, recordings, heavy);
    }),
  );
  const subject = `${recordings} recordings of ${recordingBytesStored / 1e6} MB, ${heavy.limit} per ${windowMs / 1000} s`;
  return [
    { what: `peers: ${subject}`, value: row(contestants.map(({ name }) => name)) },
    ...counts(measured),
    ...ratios(measured, heavy),
  ];
}

function counts(measured: readonly Measured[]): readonly Figure[] {
  const figure = (what: string, of: (one: Measured) => unknown) => ({
    what: `peers: ${what}`,
    value: row(measured.map(of)),
  });
  return [
    figure("stored whole", ({ stored }) => `${stored.whole} / ${stored.of}`),
    figure("requests refused with 429", ({ counters }) => counters.limited),
    figure("requests inside a penalty", ({ counters }) => counters.insidePenalty),
    figure("logins", ({ counters }) => counters.tokenExchanges.length),
    figure("invocations", ({ invocations }) => invocations),
  ];
}

/** Returns Nightshift's value, and the others' as multiples of it. */
function ratios(measured: readonly Measured[], heavy: RateLimit): readonly Figure[] {
  const figure = (what: string, digits: number, of: (one: Measured) => number) => {
    const [ours = Number.NaN, ...theirs] = measured.map(of);
    const multiples = theirs.map((value) => `${value.toFixed(digits)} (${(value / ours).toFixed(2)} ×)`);
    return { what: `peers: ${what}`, value: row([ours.toFixed(digits), ...multiples]) };
  };
  return [
    figure("recordings per window", 2, ({ counters }) => perWindow(counters, heavy)),
    figure("billed seconds = GB-s at 1 GB", 1, ({ billedMs }) => billedMs / 1000),
    figure("peak memory in MiB", 0, ({ peakBytes }) => peakBytes / 1024 / 1024),
  ];
}

function row(cells: readonly unknown[]): string {
  return cells.join(" | ");
}

async function measure({ program, work }: Contestant, perDay: number, heavy: RateLimit): Promise<Measured> {
  const calls = { perDay, recordedShare: 1, faxShare: 0, shortShare: 0, transferShare: 0 };
  const world = await openWorld({
    skipWaits: false,
    archiveFrom: day,
    ringCentral: { limits: { heavy }, account: { calls, recordings: { bytes: recordingBytesStored } } },
  });
  const watch = watchPeak(program);
  try {
    const bill = await work(world);
    return {
      ...bill,
      peakBytes: watch.peak(),
      counters: world.ringCentral.counters(),
      stored: await storedWhole(world, day),
    };
  } finally {
    watch.stop();
    await world.stop();
  }
}

async function nightshift({ night, lambda }: World): Promise<Bill> {
  const { status, result } = await night();
  if (status !== "SUCCEEDED") throw new Error(`the night ended ${status}: ${result}`);
  const all = lambda.invocations();
  return { invocations: all.length, billedMs: all.reduce((sum, { billedMs }) => sum + billedMs, 0) };
}

/** A peer sleeps in billed time. When Lambda ends it, it would be started again and continue. */
function peer(name: string, program: Peer): Contestant {
  const work = async (world: World) => {
    const { wallMs, exitCode } = await runPeer(program, world, day);
    if (exitCode !== 0) throw new Error(`${name} ended with ${exitCode}`);
    return { invocations: Math.ceil(wallMs / invocationMs), billedMs: wallMs };
  };
  return { name, program: scriptOf(program), work };
}

/** Computed from the shortest time for as many recordings as a window admits, so that neither start nor end counts. */
function perWindow({ heavyRequests }: Counters, { limit, windowMs }: RateLimit): number {
  const got = heavyRequests.filter(({ endpoint, limited }) => endpoint === "recordingContent" && !limited);
  const spans = got.slice(limit).map(({ atMs }, n) => atMs - (got[n]?.atMs ?? Number.NaN));
  return (limit * windowMs * spans.length) / spans.reduce((sum, span) => sum + span, 0);
}
