import { type Ask, analyticsRequest } from "../core/analytics/request.ts";
import { addDays, daysBetween } from "../core/days.ts";
import { JobError } from "../errors.ts";
import { fetchAnalytics, parseAnalytics } from "../ringcentral/analytics.ts";
import type { Items } from "../runtime/items.ts";
import { readAsks } from "./asks.ts";
import { fetchAnswers } from "./fetch-answers.ts";
import { noteFailure } from "./note-failure.ts";
import type { OpenDays } from "./open-days.ts";
import type { AnalyticsServices } from "./services.ts";

/** Most are of one page: what S3 takes for each must not keep the next from being sent. */
const queryConcurrency = 48;

/** The run's queries; their responses are kept in the state bucket. What fails stays due, and its days say why. */
export async function fetchAsks(s: AnalyticsServices, { account }: OpenDays): Promise<Items<Ask>> {
  const asks = await readAsks(s, account);
  const halver = createHalver(s, account);
  return {
    concurrency: queryConcurrency,
    from: (place) => asks.slice(place),
    nameOf: ({ group }) => group,
    groupOf: ({ group }) => group,
    resultOf: ({ code, details }, { group }) => [group, code, details.errorCode].filter(Boolean).join(" "),
    work: (ask, succeeded) => halver.fetch(ask, succeeded),
    note: (ask, failure) => noteFailure(s, account, { ...ask, ...spanOf(failure.error) }, failure),
    control: (done) => done && askAgain(s, done),
  };
}

/** The first page of a query that was answered before. */
async function askAgain({ client, timeZone, chosen }: AnalyticsServices, ask: Ask): Promise<void> {
  parseAnalytics(await fetchAnalytics(client, analyticsRequest(ask, 1, { timeZone, metrics: chosen })));
}

/** So many single days that RingCentral does not understand, and none that it does: no day of the group will be understood. */
const maxDaysRefused = 2;

/** Asks for a span in halves where RingCentral does not answer for all of it: only a part that is refused has failed. */
function createHalver(s: AnalyticsServices, account: string) {
  const understood = new Set<string>();
  const refused = new Map<string, number>();
  const isHopeless = ({ group }: Ask) => !understood.has(group) && (refused.get(group) ?? 0) >= maxDaysRefused;

  const fetch = async (ask: Ask, succeeded: () => void): Promise<void> => {
    try {
      await fetchAnswers(s, { account, ask, succeeded });
      understood.add(ask.group);
    } catch (error) {
      if (!isNotUnderstood(error)) throw error;
      const halves = isHopeless(ask) ? [] : halvesOf(ask);
      if (halves.length === 0) {
        refused.set(ask.group, (refused.get(ask.group) ?? 0) + 1);
        throw withSpan(error, ask);
      }
      await fetchEach(halves, succeeded);
    }
  };

  /** The caller notes one failure; any other is noted here. */
  const fetchEach = async (asks: readonly Ask[], succeeded: () => void): Promise<void> => {
    let failure: JobError | undefined;
    for (const ask of asks) {
      try {
        await fetch(ask, succeeded);
      } catch (error) {
        if (!isNotUnderstood(error)) throw error;
        const othersSucceeded = understood.size > 0;
        if (failure) await noteFailure(s, account, { ...ask, ...spanOf(failure) }, { error: failure, othersSucceeded });
        failure = error;
      }
    }
    if (failure) throw failure;
  };
  return { fetch };
}

function isNotUnderstood(error: unknown): error is JobError {
  return error instanceof JobError && error.code === "API_INVALID";
}

/** The halves of a span, the newer first; none of one day. */
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

function withSpan({ code, message, todo, retryable, details, cause }: JobError, { from, to }: Ask): JobError {
  return new JobError(code, message, { todo, retryable, details: { ...details, from, to }, cause });
}

function spanOf({ details: { from, to } }: JobError): Partial<Pick<Ask, "from" | "to">> {
  return typeof from === "string" && typeof to === "string" ? { from, to } : {};
}
