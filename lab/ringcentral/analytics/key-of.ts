import type { Account } from "../create-account.ts";
import type { CallFacts } from "./call-facts.ts";
import type { GroupBy } from "./groupings.ts";

/** Returns the group of a grouping to which a call belongs; undefined if none. */
// Guess: a call counts for one user only, and for that user's site, department and user group.
export function keyOf(groupBy: GroupBy, { id }: Account): (call: CallFacts) => string | undefined {
  switch (groupBy) {
    case "Company":
      return () => id;
    case "CompanyNumbers":
      return (call) => call.companyNumber;
    case "Users":
      return (call) => call.user.key;
    case "Queues":
      return (call) => call.queue;
    case "IVRs":
      return (call) => call.ivr;
    case "IVAs":
      return (call) => call.iva;
    case "SharedLines":
      return (call) => call.sharedLine;
    case "UserGroups":
      return (call) => call.user.userGroup;
    case "Sites":
      return (call) => call.user.site;
    case "Departments":
      return (call) => call.user.department;
  }
}
