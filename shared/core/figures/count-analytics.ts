import type { Row } from "../tables/table-schema.ts";
import { countable } from "./countable.ts";
import { type AnalyticsFigures, type MemberFigures, type ShownGroup, shownGroups } from "./day-figures.ts";

/** Columns of the table `analytics` that are counted. */
export const analyticsColumns = [
  ...(["grouped_by", "hour_start", "key", "name", "extension_number"] as const),
  ...(["metric", "breakdown", "value"] as const),
] as const;
export type CountedValue = Pick<Row<"analytics">, (typeof analyticsColumns)[number]>;

/** Collects a day's values of each shown group by member. */
export interface AnalyticsCount {
  readonly add: (value: CountedValue) => void;
  readonly figures: () => AnalyticsFigures;
}

type Numbers = Exclude<keyof MemberFigures, "key" | "name" | "extensionNumber">;

/** Figures by metric and breakdown, in RingCentral's names. */
const figureNames: Readonly<Record<string, Numbers>> = {
  allCalls: "calls",
  "callsByResponse answered": "answered",
  "callsByResponse notAnswered": "notAnswered",
  "callsByResult missed": "missed",
  "callsByResult voicemail": "voicemail",
  "callsByResult abandoned": "abandoned",
  "callsByQueueSla inSla": "inSla",
  "callsByQueueSla outOfSla": "outOfSla",
  "callsSegments ringing": "ringing",
  "callsSegmentsDuration ringing": "ringingSeconds",
  "callsSegments liveTalk": "talking",
  "callsSegmentsDuration liveTalk": "talkSeconds",
  "callsSegmentsDuration hold": "holdSeconds",
};

const noNumbers: Pick<MemberFigures, Numbers> = {
  ...{ calls: 0, answered: 0, notAnswered: 0, missed: 0, voicemail: 0, abandoned: 0 },
  ...{ inSla: 0, outOfSla: 0, ringing: 0, ringingSeconds: 0, talking: 0, talkSeconds: 0, holdSeconds: 0 },
};

/** Creates an empty collection. Groups that were collected are in it, even without a member. */
export function createAnalyticsCount(collected: readonly ShownGroup[] = []): AnalyticsCount {
  const groups = new Map(collected.map((group) => [group, new Map<string, MemberFigures>()]));
  return {
    add: ({ grouped_by, hour_start, key, name, extension_number, metric, breakdown, value }) => {
      const group = shownGroups.find((each) => each === grouped_by);
      if (!group || hour_start !== undefined) return;
      const members = groups.get(group) ?? new Map<string, MemberFigures>();
      groups.set(group, members);
      // A member without a key is known by its name.
      const ownKey = key || `${name ?? ""} ${extension_number ?? ""}`;
      const member = members.get(ownKey) ?? { key: ownKey, name, extensionNumber: extension_number, ...noNumbers };
      members.set(ownKey, member);
      const figure = figureNames[breakdown === undefined ? metric : `${metric} ${breakdown}`];
      if (figure && value !== undefined) member[figure] += countable(value);
    },
    figures: () => Object.fromEntries([...groups].map(([group, members]) => [group, [...members.values()]])),
  };
}

/** Sums members of the same key. The last of them that has a name gives it. */
export function createMemberSum() {
  const groups = new Map<ShownGroup, Map<string, MemberFigures>>();
  return {
    add: (analytics: AnalyticsFigures) => {
      for (const group of shownGroups) {
        if (!analytics[group]) continue;
        const members = groups.get(group) ?? new Map<string, MemberFigures>();
        groups.set(group, members);
        for (const member of analytics[group]) members.set(member.key, sumOf(members.get(member.key), member));
      }
    },
    figures: (): AnalyticsFigures =>
      Object.fromEntries([...groups].map(([group, members]) => [group, [...members.values()]])),
  };
}

function sumOf(sum: MemberFigures | undefined, member: MemberFigures): MemberFigures {
  if (!sum) return member;
  const numbers = (Object.keys(noNumbers) as Numbers[]).map((name) => [name, sum[name] + member[name]]);
  const name = member.name?.trim() ? member.name : (sum.name ?? member.name);
  const extensionNumber = member.extensionNumber ?? sum.extensionNumber;
  return { ...member, name, extensionNumber, ...Object.fromEntries(numbers) };
}
