import type { Ask } from "../core/analytics/request.ts";
import { addDays, daysBetween } from "../core/days.ts";
import { inOrder } from "../core/in-order.ts";
import { lacksPermission } from "../ringcentral/api-error.ts";
import { readAsks } from "./asks.ts";
import { fetchAnswers } from "./fetch-answers.ts";
import { isOwnFault, noteFailure } from "./note-failure.ts";
import type { OpenDays } from "./open-days.ts";
import type { AnalyticsServices } from "./services.ts";

/** Where fetching stands: asks whose answers are kept or that are written down as failed, and groups that were refused. */
export interface FetchCursor {
  readonly done: number;
  readonly refused: readonly string[];
  /** Groups that were answered: nothing of them need be waited for. */
  readonly answered: readonly string[];
}

/** Most are of one page: what S3 takes for each must not keep the next from being asked for. */
const asksAtOnce = 48;

/** Asks for part after part, as many at once as RingCentral allows; yields for how many the answers are kept. */
export async function* fetchAsks(
  s: AnalyticsServices,
  { account }: OpenDays,
  from: FetchCursor = { done: 0, refused: [], answered: [] },
): AsyncGenerator<FetchCursor> {
  const asks = await readAsks(s, account);
  const [refused, answered] = [new Set(from.refused), new Set(from.answered)];
  const fetch = fetchesUnlessRefused(s, account, { refused, answered, veryFirst: asks[0] });
  const cursor = (done: number): FetchCursor => ({ done, refused: [...refused], answered: [...answered] });
  let { done } = from;
  if (done === 0 && asks[0]) {
    await fetch(asks[0]);
    done = 1;
    yield cursor(done);
  }
  for await (done of inOrder(asks.slice(done), { from: done, width: asksAtOnce }, fetch)) yield cursor(done);
}

interface Refusals {
  /** Groups that were refused; one that is refused for one day is so for any other, and is asked for once a night. */
  readonly refused: Set<string>;
  readonly answered: Set<string>;
  readonly veryFirst: Ask | undefined;
}

function fetchesUnlessRefused(s: AnalyticsServices, account: string, { refused, answered, veryFirst }: Refusals) {
  const firsts = new Map<string, Promise<void>>();
  const fetch = async (ask: Ask): Promise<void> => {
    const { group } = ask;
    if (refused.has(group)) return;
    try {
      await fetchAnswers(s, account, ask);
      answered.add(group);
    } catch (error) {
      if (!isOwnFault(error)) throw error;
      // Then it is the app or the service user that lacks something, not a group.
      if (ask === veryFirst && lacksPermission(error)) throw error;
      const isInvalid = error.code === "API_INVALID";
      const halves = isInvalid ? halvesOf(ask) : [];
      for (const half of halves) await fetch(half);
      if (halves.length > 0) return;
      if (error.code === "API_REFUSED" || (isInvalid && !answered.has(group))) refused.add(group);
      await noteFailure(s, account, ask, error);
    }
  };
  return async (ask: Ask): Promise<void> => {
    const first = answered.has(ask.group) ? undefined : firsts.get(ask.group);
    // Should it be refused, nobody has asked for more of the group meanwhile.
    if (first) return first.catch(() => undefined).then(() => fetch(ask));
    const asking = fetch(ask);
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
