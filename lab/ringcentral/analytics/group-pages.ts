import type { Account } from "../create-account.ts";
import type { GroupBy } from "./groupings.ts";
import type { Group, Organisation } from "./organisation.ts";
import type { AnalyticsRequest } from "./read-request.ts";

/** The groups of one page of a response. */
export interface GroupPage {
  readonly groupedBy: GroupBy;
  readonly groups: readonly Group[];
  readonly paging: Readonly<Record<"page" | "perPage" | "totalPages" | "totalElements", number>>;
}

/** Cuts groups into pages. If planned, the list turns from page to page. */
export function createGroupPages(
  { analytics }: Account,
  organisation: Organisation,
): (request: AnalyticsRequest) => GroupPage {
  let turned = 0;
  return ({ grouping, page, perPage }) => {
    const all = groupsOf(grouping, organisation);
    const first = all.length === 0 ? 0 : turned % all.length;
    turned += analytics.turnsBetweenPages;
    const totalPages = Math.ceil(all.length / perPage);
    return {
      groupedBy: "groupBy" in grouping ? grouping.groupBy : "Users",
      // Guess: a page beyond the last one is empty.
      groups: [...all.slice(first), ...all.slice(0, first)].slice((page - 1) * perPage, page * perPage),
      paging: { page, perPage, totalPages, totalElements: all.length },
    };
  };
}

// Guess: a key that names nothing is passed over.
function groupsOf(grouping: AnalyticsRequest["grouping"], organisation: Organisation): readonly Group[] {
  if ("groupByMembers" in grouping) return organisation.members(grouping.groupByMembers, grouping.keys);
  const { groupBy, keys } = grouping;
  const wanted = new Set(keys);
  return organisation.groups[groupBy].filter(({ key }) => wanted.size === 0 || wanted.has(key));
}
