import type { Rights } from "../../lab/aws/rights.ts";
import { type JobDeployment, jobs, type Prefixes } from "../../shared/jobs.ts";

const nothing: Prefixes = { archive: [], state: [] };

/** What the stack lets the role of a job, or of `start-run`, do in S3; `test/infra/rights.test.ts` holds the template to it. */
export function deployedRights(name: string, buckets: Readonly<Record<keyof Prefixes, string>>): Rights {
  const access = name === "start-run" ? startRunAccess() : accessOf(name);
  const { writes = nothing, writesOnly = nothing, reads = nothing, lists = nothing } = access;
  const rightsIn = (bucket: keyof Prefixes) => {
    const puts = [...writes[bucket], ...writesOnly[bucket]];
    const gets = [...writes[bucket], ...reads[bucket]];
    return { puts, gets, lists: [...puts, ...reads[bucket], ...lists[bucket]] };
  };
  return { [buckets.archive]: rightsIn("archive"), [buckets.state]: rightsIn("state") };
}

interface Access {
  readonly writes?: Prefixes;
  readonly writesOnly?: Prefixes;
  readonly reads?: Prefixes;
  readonly lists?: Prefixes;
}

function accessOf(name: string): Access {
  return (jobs as Readonly<Record<string, JobDeployment>>)[name] ?? {};
}

function startRunAccess(): Access {
  const estimates = Object.values<JobDeployment>(jobs).map(({ estimateReads }) => estimateReads);
  return { reads: union(estimates), lists: union(estimates.flatMap(({ lists = [] }) => lists)) };
}

function union(prefixes: readonly Prefixes[]): Prefixes {
  return { archive: prefixes.flatMap(({ archive }) => archive), state: prefixes.flatMap(({ state }) => state) };
}
