import type AggregationResponseOptionsCounters from "@rc-ex/core/definitions/AggregationResponseOptionsCounters";
import type AggregationResponseOptionsCountersAllCalls from "@rc-ex/core/definitions/AggregationResponseOptionsCountersAllCalls";
import type AggregationResponseOptionsTimers from "@rc-ex/core/definitions/AggregationResponseOptionsTimers";
import type AnalyticsCallsTimelineFetchParameters from "@rc-ex/core/definitions/AnalyticsCallsTimelineFetchParameters";
import type CallFilters from "@rc-ex/core/definitions/CallFilters";
import type CallsByActionsBreakdown from "@rc-ex/core/definitions/CallsByActionsBreakdown";
import type CallsByCompanyHoursBreakdown from "@rc-ex/core/definitions/CallsByCompanyHoursBreakdown";
import type CallsByDirectionBreakdown from "@rc-ex/core/definitions/CallsByDirectionBreakdown";
import type CallsByEndingPartyBreakdown from "@rc-ex/core/definitions/CallsByEndingPartyBreakdown";
import type CallsByOriginBreakdown from "@rc-ex/core/definitions/CallsByOriginBreakdown";
import type CallsByQueueHoursBreakdown from "@rc-ex/core/definitions/CallsByQueueHoursBreakdown";
import type CallsByQueueSlaBreakdown from "@rc-ex/core/definitions/CallsByQueueSlaBreakdown";
import type CallsByResponseBreakdown from "@rc-ex/core/definitions/CallsByResponseBreakdown";
import type CallsByResultBreakdown from "@rc-ex/core/definitions/CallsByResultBreakdown";
import type CallsBySegmentsBreakdown from "@rc-ex/core/definitions/CallsBySegmentsBreakdown";
import type CallsByTypeBreakdown from "@rc-ex/core/definitions/CallsByTypeBreakdown";
import type CallsCounters from "@rc-ex/core/definitions/CallsCounters";
import type CallsTimers from "@rc-ex/core/definitions/CallsTimers";
import type DocumentedGrouping from "@rc-ex/core/definitions/Grouping";
import type ResponsePaging from "@rc-ex/core/definitions/ResponsePaging";
import type TimelineResponseOptionsCounters from "@rc-ex/core/definitions/TimelineResponseOptionsCounters";
import type TimelineResponseOptionsTimers from "@rc-ex/core/definitions/TimelineResponseOptionsTimers";
import { expect, expectTypeOf, test } from "vitest";
import type { Part } from "../../lab/ringcentral/analytics/breakdowns.ts";
import type { CallFilters as OurFilters } from "../../lab/ringcentral/analytics/call-filters.ts";
import type { GroupPage } from "../../lab/ringcentral/analytics/group-pages.ts";
import type { GroupBy, MembersOf } from "../../lab/ringcentral/analytics/groupings.ts";
import type { AggregationType } from "../../lab/ringcentral/analytics/metric-selection.ts";
import { metrics } from "../../lab/ringcentral/analytics/metrics.ts";
import type { Interval } from "../../lab/ringcentral/analytics/zone-clock.ts";

/** Accepted by tsc only if the list has every member. */
type Names<T> = Readonly<Record<keyof T, true>>;

const counters: Names<AggregationResponseOptionsCounters> = {
  allCalls: true,
  callsByDirection: true,
  callsByOrigin: true,
  callsByResponse: true,
  callsSegments: true,
  callsByResult: true,
  callsByCompanyHours: true,
  callsByQueueSla: true,
  callsByActions: true,
  callsByType: true,
  callsByEndingParty: true,
  queueOpportunities: true,
  callsByQueueHours: true,
};

const timers: Names<AggregationResponseOptionsTimers> = {
  allCallsDuration: true,
  callsDurationByDirection: true,
  callsDurationByOrigin: true,
  callsDurationByResponse: true,
  callsSegmentsDuration: true,
  callsDurationByResult: true,
  callsDurationByCompanyHours: true,
  callsDurationByQueueSla: true,
  callsDurationByType: true,
  callsDurationByEndingParty: true,
  callsDurationByQueueHours: true,
};

const responseTimers: Names<CallsTimers> = {
  allCalls: true,
  callsByDirection: true,
  callsByOrigin: true,
  callsByResponse: true,
  callsSegments: true,
  callsByResult: true,
  callsByEndingParty: true,
  callsByCompanyHours: true,
  callsByQueueSla: true,
  callsByType: true,
  callsByQueueHours: true,
};

const responseCounters: Names<CallsCounters> = { ...responseTimers, callsActions: true, queueOpportunities: true };

const sorted = (names: object) => Object.keys(names).sort();

test("the lab's analytics has every metric that RingCentral documents, with its names in requests and in responses", () => {
  const timed = metrics.filter(({ timer }) => timer !== undefined);

  expect(metrics.map(({ counter }) => counter).sort()).toEqual(sorted(counters));
  expect(metrics.map(({ responseName }) => responseName).sort()).toEqual(sorted(responseCounters));
  expect(timed.map(({ timer }) => timer).sort()).toEqual(sorted(timers));
  expect(timed.map(({ responseName }) => responseName).sort()).toEqual(sorted(responseTimers));
});

// tsc judges these; a run of the tests only shows that they are there.
test("a timeline has the same metrics as an aggregation", () => {
  expectTypeOf<keyof TimelineResponseOptionsCounters>().toEqualTypeOf<keyof AggregationResponseOptionsCounters>();
  expectTypeOf<keyof TimelineResponseOptionsTimers>().toEqualTypeOf<keyof AggregationResponseOptionsTimers>();
});

test("the lab's groupings, intervals, aggregations, filters and paging are RingCentral's", () => {
  expectTypeOf<GroupBy>().toEqualTypeOf<NonNullable<DocumentedGrouping["groupBy"]>>();
  expectTypeOf<MembersOf>().toEqualTypeOf<NonNullable<DocumentedGrouping["groupByMembers"]>>();
  expectTypeOf<Interval>().toEqualTypeOf<NonNullable<AnalyticsCallsTimelineFetchParameters["interval"]>>();
  expectTypeOf<AggregationType>().toEqualTypeOf<
    NonNullable<AggregationResponseOptionsCountersAllCalls["aggregationType"]>
  >();
  expectTypeOf<keyof OurFilters>().toEqualTypeOf<keyof CallFilters>();
  expectTypeOf<keyof GroupPage["paging"]>().toEqualTypeOf<keyof ResponsePaging>();
});

test("the lab's breakdowns have RingCentral's parts", () => {
  expectTypeOf<Part<"direction">>().toEqualTypeOf<keyof CallsByDirectionBreakdown>();
  expectTypeOf<Part<"origin">>().toEqualTypeOf<keyof CallsByOriginBreakdown>();
  expectTypeOf<Part<"response">>().toEqualTypeOf<keyof CallsByResponseBreakdown>();
  expectTypeOf<Part<"segments">>().toEqualTypeOf<keyof CallsBySegmentsBreakdown>();
  expectTypeOf<Part<"result">>().toEqualTypeOf<keyof CallsByResultBreakdown>();
  expectTypeOf<Part<"actions">>().toEqualTypeOf<keyof CallsByActionsBreakdown>();
  expectTypeOf<Part<"hours">>().toEqualTypeOf<keyof CallsByCompanyHoursBreakdown>();
  expectTypeOf<Part<"hours">>().toEqualTypeOf<keyof CallsByQueueHoursBreakdown>();
  expectTypeOf<Part<"queueSla">>().toEqualTypeOf<keyof CallsByQueueSlaBreakdown>();
  expectTypeOf<Part<"type">>().toEqualTypeOf<keyof CallsByTypeBreakdown>();
  expectTypeOf<Part<"endingParty">>().toEqualTypeOf<keyof CallsByEndingPartyBreakdown>();
});
