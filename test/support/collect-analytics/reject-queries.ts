import { addDays, type Day, dayOf } from "../../../shared/core/time/days.ts";
import { newYork } from "./analytics-world.ts";

interface Body {
  readonly timeSettings: { readonly timeRange: { readonly timeFrom: string; readonly timeTo: string } };
}

/** The days of a request, the first and the last. */
export interface QueryDays {
  readonly from: Day;
  readonly last: Day;
}

/** Makes RingCentral reject some analytics queries, because their time zone does not exist. */
export function rejectQueries(isRejected: (requested: QueryDays) => boolean) {
  return (send: typeof fetch): typeof fetch =>
    (url, init) => {
      if (!String(url).includes("/analytics/")) return send(url, init);
      const body = String(init?.body);
      return send(url, { ...init, body: isRejected(daysOf(body)) ? body.replace(newYork, "no zone") : body });
    };
}

export const longerThan =
  (days: number) =>
  ({ from, last }: QueryDays): boolean =>
    last >= addDays(from, days);

function daysOf(body: string): QueryDays {
  const { timeFrom, timeTo } = (JSON.parse(body) as Body).timeSettings.timeRange;
  return { from: dayOf(new Date(timeFrom), newYork), last: dayOf(new Date(timeTo), newYork) };
}
