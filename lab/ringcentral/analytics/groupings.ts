/** Properties by which calls can be grouped (OpenAPI: Grouping). */
export const groupBys = [
  "Company",
  "CompanyNumbers",
  "Users",
  "Queues",
  "IVRs",
  "IVAs",
  "SharedLines",
  "UserGroups",
  "Sites",
  "Departments",
] as const;

export type GroupBy = (typeof groupBys)[number];

/** Groups whose members, who are users, can be requested instead. */
export const membersOf = ["Department", "UserGroup", "Queue", "Site"] as const;

export type MembersOf = (typeof membersOf)[number];

export type Grouping =
  | { readonly groupBy: GroupBy; readonly keys: readonly string[] }
  | { readonly groupByMembers: MembersOf; readonly keys: readonly string[] };
