import type { Ask } from "../core/analytics/request.ts";
import { addDays, daysBetween } from "../core/days.ts";
import { inOrder } from "../core/in-order.ts";
import { type ErrorCode, JobError } from "../errors.ts";
import { lacksPermission } from "../ringcentral/api-error.ts";
import { writeOutcome } from "../storage/outcomes.ts";
import { collectPart } from "./collect-part.ts";
import type { OpenDays } from "./open-days.ts";
import type { AnalyticsServices } from "./services.ts";

/** Where collecting stands: asks that are collected or written down as failed, and groups that were refused. */
export interface CollectCursor {
  readonly done: number;
  readonly refused: readonly string[];
}

/** Most are of one page: what S3 takes for each must not keep the next from being asked for. */
const asksAtOnce = 12;

/** Faults of one group's own, by which no other need suffer. */
const ownFaults: readonly ErrorCode[] = [
  "API_INVALID",
  "API_NOT_FOUND",
  "API_REFUSED",
  "API_UNEXPECTED",
  "HOST_NOT_ALLOWED",
  "STORAGE_UNEXPECTED",
];

/** Collects part by part, several at once; yields how many are collected and written down. */
export async function* collectParts(
  s: AnalyticsServices,
  { account, asks }: OpenDays,
  from: CollectCursor = { done: 0, refused: [] },
): AsyncGenerator<CollectCursor> {
  const refused = new Set(from.refused);
  const collect = collectsUnlessRefused(s, account, { refused, veryFirst: asks[0] });
  let { done } = from;
  if (done === 0 && asks[0]) {
    await collect(asks[0]);
    done = 1;
    yield { done, refused: [...refused] };
  }
  for await (done of inOrder(asks.slice(done), { from: done, width: asksAtOnce }, collect)) {
    yield { done, refused: [...refused] };
  }
}

interface Refusals {
  /** Groups that were refused; one that is refused for one day is so for any other, and is asked for once a night. */
  readonly refused: Set<string>;
  readonly veryFirst: Ask | undefined;
}

function collectsUnlessRefused(s: AnalyticsServices, account: string, { refused, veryFirst }: Refusals) {
  const answered = new Set<string>();
  const firsts = new Map<string, Promise<void>>();
  const collect = async (ask: Ask): Promise<void> => {
    const { group } = ask;
    if (refused.has(group)) return;
    try {
      await collectPart(s, account, ask);
      answered.add(group);
    } catch (error) {
      if (!(error instanceof JobError) || !ownFaults.includes(error.code)) throw error;
      // Then it is the app or the service user that lacks something, not a group.
      if (ask === veryFirst && lacksPermission(error)) throw error;
      const isInvalid = error.code === "API_INVALID";
      const halves = isInvalid ? halvesOf(ask) : [];
      for (const half of halves) await collect(half);
      if (halves.length > 0) return;
      if (error.code === "API_REFUSED" || (isInvalid && !answered.has(group))) refused.add(group);
      await noteFailure(s, account, ask, error);
    }
  };
  return async (ask: Ask): Promise<void> => {
    const first = firsts.get(ask.group);
    // Should it be refused, nobody has asked for more of the group meanwhile.
    if (first) return first.catch(() => undefined).then(() => collect(ask));
    const asking = collect(ask);
    firsts.set(ask.group, asking);
    return asking;
  };
}

/** Should RingCentral not answer for so long a span, or for one of its days: the halves of it, the newer first. */
function halvesOf(ask: Ask): Ask[] {
  const days = daysBetween(ask.from, ask.to).length;
  const middle = addDays(ask.from, Math.floor(days / 2));
  return days === 1
    ? []
    : [
        { ...ask, from: middle },
        { ...ask, to: middle },
      ];
}

/** Its days stay open and say why; the run goes on with the others, and fails in the end. */
async function noteFailure(s: AnalyticsServices, account: string, ask: Ask, error: JobError): Promise<void> {
  const { group, interval, from, to } = ask;
  const failure = { run: s.run.name, at: s.now().toISOString(), code: error.code };
  s.log.error("a group could not be collected", { group, interval, from, to, ...error.toJSON() });
  for (const day of daysBetween(from, to)) {
    const name = `${group}-${interval}-failed`;
    await writeOutcome(s, { account, day, name }, [{ is: "failed", group, interval, failure }]);
  }
}
