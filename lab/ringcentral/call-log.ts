import type { LabClock } from "../clock.ts";
import type { Calendar } from "./calendar.ts";
import { type Call, isDeleted, isListed, recordingsOf } from "./call.ts";
import type { CallIndex } from "./call-index.ts";
import { type CallLogQuery, parseCallLogQuery } from "./call-log-query.ts";
import { scenarioOf } from "./call-scenario.ts";
import type { Account } from "./create-account.ts";
import type { ApiRequest, Endpoint } from "./endpoint.ts";
import type { LabResponse } from "./lab-response.ts";
import type { Links } from "./links.ts";
import { seedOf } from "./random.ts";
import { renderRecord } from "./record.ts";
import type { Retention } from "./retention.ts";

export interface CallLogOptions {
  readonly clock: LabClock;
  readonly account: Account;
  readonly calendar: Calendar;
  readonly calls: CallIndex;
  readonly retention: Retention;
  readonly links: Links;
}

export function callLogEndpoints(options: CallLogOptions): readonly Endpoint[] {
  return [
    {
      name: "callLog",
      access: "token",
      methods: ["GET"],
      path: "/restapi/v1.0/account/{account}/call-log",
      group: "heavy",
      scope: "ReadCallLog",
      permission: "FullCompanyCallLog",
      respond: (request) => listCalls(request, options),
    },
  ];
}

function listCalls({ url }: ApiRequest, options: CallLogOptions): LabResponse {
  const { clock, account, calendar, calls, retention, links } = options;
  const nowMs = clock.now();
  const query = parseCallLogQuery(url.searchParams, account.callLog, nowMs);
  const dates = calendar.datesBetween(query.fromMs, Math.min(query.toMs, nowMs));
  const { perPage, page, view } = query;
  const pageStart = (page - 1) * perPage;
  const { onPage, more } = slice(inOrder(dates, query, options), pageStart, perPage);
  calls.afterPage(dates.filter((date) => calendar.day(date).fromMs < query.toMs));
  const records = onPage.map((call) => renderRecord(call, { account, links, view, nowMs, retention }));
  const atPage = (number: number) => ({ uri: uriOfPage(url, links, query, number) });
  const places = records.length > 0 && { pageStart, pageEnd: pageStart + records.length - 1 };
  const navigation = {
    ...(more && { nextPage: atPage(page + 1) }),
    ...(page > 1 && { previousPage: atPage(page - 1) }),
    firstPage: atPage(1),
  };
  return { status: 200, json: { ...atPage(page), records, paging: { page, perPage, ...places }, navigation } };
}

interface Slice {
  readonly onPage: readonly Call[];
  readonly more: boolean;
}

/** Returns the calls of one page, and whether any come after it. */
function slice(calls: Iterable<Call>, first: number, perPage: number): Slice {
  const onPage: Call[] = [];
  let position = 0;
  for (const call of calls) {
    if (position === first + perPage) return { onPage, more: true };
    if (position >= first) onPage.push(call);
    position += 1;
  }
  return { onPage, more: false };
}

function inOrder(dates: readonly string[], query: CallLogQuery, options: CallLogOptions): Iterable<Call> {
  const { order } = options.account.callLog;
  if (order === "shuffled") return shuffled([...listed(dates, query, options)]);
  return listed(order === "newest" ? dates.toReversed() : dates, query, options);
}

function* listed(dates: readonly string[], query: CallLogQuery, options: CallLogOptions): Generator<Call> {
  const { clock, account, calls } = options;
  const nowMs = clock.now();
  for (const date of dates) {
    const moment = calls.moment(date, nowMs);
    const ofDay = calls.callsOn(date);
    for (const call of account.callLog.order === "newest" ? ofDay.toReversed() : ofDay) {
      if (isListed(call, moment) && matches(call, query, options)) yield call;
    }
  }
}

/** Shuffles always in the same way, because paging would else be meaningless. */
function shuffled(calls: readonly Call[]): readonly Call[] {
  const places = new Map(calls.map((call) => [call, seedOf(call.id)]));
  return calls.toSorted((one, other) => (places.get(one) ?? 0) - (places.get(other) ?? 0));
}

function matches(call: Call, query: CallLogQuery, { clock, account, retention }: CallLogOptions): boolean {
  const nowMs = clock.now();
  if (call.startMs < query.fromMs || call.startMs > query.toMs) return false;
  if (isDeleted(call, nowMs) && !query.showDeleted) return false;
  const { recordingType, types, directions } = query;
  if (types.length > 0 && !types.includes(call.fax ? "Fax" : "Voice")) return false;
  if (directions.length > 0 && !directions.includes(scenarioOf(call, account).inbound ? "Inbound" : "Outbound"))
    return false;
  if (recordingType === undefined) return true;
  return recordingsOf(call)
    .filter((recording) => retention.isNamed(recording, nowMs))
    .some((recording) => recordingType === "All" || recording.type === recordingType);
}

/** Links contain the account's id and both bounds, even if the request left them out. */
function uriOfPage(url: URL, links: Links, query: CallLogQuery, page: number): string {
  const uri = new URL(links.callLog);
  for (const [name, value] of url.searchParams) uri.searchParams.append(name, value);
  uri.searchParams.delete("access_token");
  uri.searchParams.set("view", query.view);
  uri.searchParams.set("dateFrom", new Date(query.fromMs).toISOString());
  uri.searchParams.set("dateTo", new Date(query.toMs).toISOString());
  uri.searchParams.set("page", String(page));
  uri.searchParams.set("perPage", String(query.perPage));
  return uri.href;
}
