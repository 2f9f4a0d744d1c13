import type { LabClock } from "../../clock.ts";
import type { Account } from "../create-account.ts";
import { documentedRefusal } from "../documented-refusal.ts";
import type { ApiRequest, Endpoint } from "../endpoint.ts";
import { lacksFeature } from "../errors.ts";
import { type LabResponse, Refusal } from "../lab-response.ts";
import type { Analytics } from "./analytics.ts";
import { corruptRecord } from "./corrupt-record.ts";
import { createGroupPages } from "./group-pages.ts";
import { type AnalyticsRequest, readAggregationRequest, readTimelineRequest } from "./read-request.ts";
import { type AggregatedRecord, aggregatedRecords, type TimelineRecord, timelineRecords } from "./records.ts";
import type { TallyRequestOptions } from "./tally-request.ts";

export interface AnalyticsEndpointsOptions {
  readonly clock: LabClock;
  readonly account: Account;
  readonly analytics: Analytics;
}

type MakeRecords = (options: TallyRequestOptions) => readonly (AggregatedRecord | TimelineRecord)[];

/** Creates the endpoints for numbers of calls by group: over a range, or point by point along it. */
export function analyticsEndpoints({ clock, account, analytics }: AnalyticsEndpointsOptions): readonly Endpoint[] {
  const guarded = { access: "token", methods: ["POST"], group: "light", scope: "Analytics" } as const;
  const path = "/analytics/calls/v1/accounts/{account}";
  const pageOf = createGroupPages(account, analytics.organisation);
  const respond = (request: AnalyticsRequest, makeRecords: MakeRecords): LabResponse => {
    refuseByPlan(request, account);
    const { groups, paging, groupedBy } = pageOf(request);
    const records = makeRecords({ account, analytics, request, groups, groupedBy, when: clock.now() });
    const corrupted = records.map((record) => corruptRecord(record, account.analytics));
    return { status: 200, json: { paging, data: { groupedBy, records: corrupted } } };
  };
  const refuseWithoutFeature = () => {
    if (!account.analytics.enabled) throw new Refusal(lacksFeature("Analytics"));
  };
  return [
    {
      ...guarded,
      name: "analyticsAggregation",
      path: `${path}/aggregation/fetch`,
      respond: (request: ApiRequest) => {
        refuseWithoutFeature();
        return respond(readAggregationRequest(request, clock.now()), aggregatedRecords);
      },
    },
    {
      ...guarded,
      name: "analyticsTimeline",
      path: `${path}/timeline/fetch`,
      respond: (request: ApiRequest) => {
        refuseWithoutFeature();
        const requested = readTimelineRequest(request, clock.now());
        return respond(requested, (options) => timelineRecords(options, requested.interval));
      },
    },
  ];
}

function refuseByPlan({ grouping }: AnalyticsRequest, { analytics }: Account): void {
  const name = "groupBy" in grouping ? grouping.groupBy : grouping.groupByMembers;
  const status = analytics.refuse[name];
  if (status === 403) throw new Refusal(lacksFeature(name)); // Guess: the code for one grouping alone.
  if (status !== undefined) throw new Refusal(documentedRefusal(status, "analyticsAggregation"));
}
