import type { Account } from "../create-account.ts";
import { companyNumberAt, extensionAt } from "../people.ts";
import { seedOf } from "../random.ts";
import type { GroupBy, MembersOf } from "./groupings.ts";

/** A group for which calls are counted. */
export interface Group {
  readonly key: string;
  readonly info?: { readonly name: string; readonly extensionNumber?: string };
}

/** A user and the user's groups, by key. */
export interface User extends Group {
  readonly site: string | undefined;
  readonly department: string | undefined;
  readonly userGroup: string | undefined;
  readonly queues: readonly string[];
}

export interface Organisation {
  /** Always in the same order. */
  readonly groups: Readonly<Record<GroupBy, readonly Group[]>>;
  readonly user: (extensionId: number) => User;
  readonly members: (of: MembersOf, keys: readonly string[]) => readonly Group[];
}

/** Derives the groups from the extensions' ids, so that they are the same in every world. */
// Guess: that every group is listed, in this order and even without calls; keys that are no extension ids.
export function createOrganisation({ id, organisation: sizes }: Account): Organisation {
  const queues = entities("Queue", sizes.queues, 1);
  const sites = entities("Site", sizes.sites, 2);
  const userGroups = entities("User group", sizes.userGroups, 3);
  const departments = numbered("Department", sizes.departments).map((name) => ({ key: name, info: { name } }));
  const users = Array.from({ length: sizes.users }, (_, place) =>
    userAt(place, { queues, sites, userGroups, departments }),
  );
  const byKey = new Map(users.map((user) => [user.key, user]));
  const user = (extensionId: number): User => {
    const found = byKey.get(String(extensionId));
    if (!found) throw new RangeError(`Nobody has the extension ${extensionId}`);
    return found;
  };
  return {
    groups: {
      Company: [{ key: id }],
      CompanyNumbers: Array.from({ length: sizes.companyNumbers }, (_, place) => ({ key: companyNumberAt(place) })),
      Users: users,
      Queues: queues,
      IVRs: entities("IVR", sizes.ivrs, 4),
      IVAs: entities("IVA", sizes.ivas, 5),
      SharedLines: entities("Shared line", sizes.sharedLines, 6),
      UserGroups: userGroups,
      Sites: sites,
      Departments: departments,
    },
    user,
    members: (of, keys) =>
      users.filter((each) => scopesOf(each, of).some((key) => keys.length === 0 || keys.includes(key))),
  };
}

function numbered(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, place) => `${name} ${place + 1}`);
}

/** Each kind has its own ids and numbers, beyond those of any user. */
function entities(name: string, count: number, kind: number): readonly Group[] {
  return numbered(name, count).map((itsName, place) => ({
    key: String(63_000_000_016 + kind * 10_000_000 + place * 1_000),
    info: { extensionNumber: String(kind * 100_000 + place + 1), name: itsName },
  }));
}

type Scopes = Readonly<Record<"queues" | "sites" | "userGroups" | "departments", readonly Group[]>>;

function userAt(place: number, { queues, sites, userGroups, departments }: Scopes): User {
  const { id, number, name } = extensionAt(place);
  return {
    key: String(id),
    info: { extensionNumber: number, name },
    site: byHash("site", id, sites),
    department: byHash("department", id, departments),
    userGroup: seedOf("grouped", id) % 4 === 0 ? undefined : byHash("user group", id, userGroups),
    queues: queues.map(({ key }) => key).filter((key) => seedOf("agent", id, key) % 3 === 0),
  };
}

function byHash(kind: string, id: number, groups: readonly Group[]): string | undefined {
  return groups[seedOf(kind, id) % groups.length]?.key;
}

function scopesOf({ site, department, userGroup, queues }: User, of: MembersOf): readonly string[] {
  const scopes = { Department: [department], UserGroup: [userGroup], Queue: queues, Site: [site] };
  return scopes[of].filter((key) => key !== undefined);
}
