import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { AnalyticsTruth } from "./analytics/analytics-truth.ts";
import type { Counters } from "./counters.ts";
import type { Fault } from "./faults.ts";
import { readText } from "./read-text.ts";
import type { Truth } from "./truth.ts";

export interface LabApiOptions {
  readonly truth: (onlyDate?: string) => Truth;
  readonly analyticsTruth: (onlyDate?: string) => AnalyticsTruth;
  readonly counters: () => Counters;
  readonly plan: (fault: Fault) => void;
  readonly evictSessions: () => void;
}

/** Handles requests of other processes to the lab itself, under `/lab/`: uncounted, unlimited, without a token. */
export async function handleLabRequest(
  options: LabApiOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://lab");
  const body = await readText(incoming);
  const day = searchParams.get("day") ?? undefined;
  switch (`${incoming.method} ${pathname}`) {
    case "GET /lab/truth":
      return send(outgoing, 200, truthAsJson(options.truth(day)));
    case "GET /lab/truth/analytics":
      return send(outgoing, 200, [JSON.stringify(options.analyticsTruth(day))]);
    case "GET /lab/counters":
      return send(outgoing, 200, [JSON.stringify(options.counters())]);
    case "POST /lab/faults":
      return send(outgoing, planAll(body, options) ? 204 : 400, []);
    case "POST /lab/evict":
      options.evictSessions();
      return send(outgoing, 204, []);
    default:
      return send(outgoing, 404, [
        JSON.stringify({ message: "The lab knows truth, truth/analytics, counters, faults and evict" }),
      ]);
  }
}

function planAll(body: string, { plan }: LabApiOptions): boolean {
  try {
    for (const fault of [JSON.parse(body) as Fault | readonly Fault[]].flat()) plan(fault);
    return true;
  } catch (cause) {
    if (cause instanceof TypeError || cause instanceof SyntaxError) return false;
    throw cause;
  }
}

async function send(outgoing: ServerResponse, status: number, parts: Iterable<string>): Promise<void> {
  outgoing.writeHead(status, { "content-type": "application/json" });
  await pipeline(Readable.from(parts), outgoing);
}

/** Sends the truth piece by piece, because a day may have 100,000 records. */
function* truthAsJson({ days, recordings, ...rest }: Truth): Generator<string> {
  yield `${JSON.stringify(rest).slice(0, -1)},"days":{`;
  yield* membersAsJson(days);
  yield '},"recordings":{';
  yield* membersAsJson(recordings);
  yield "}}";
}

function* membersAsJson(members: Readonly<Record<string, unknown>>): Generator<string> {
  let separator = "";
  for (const [name, value] of Object.entries(members)) {
    yield `${separator}${JSON.stringify(name)}:${JSON.stringify(value)}`;
    separator = ",";
  }
}
