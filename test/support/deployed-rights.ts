import { type JobDeployment, jobs, type Prefixes } from "../../shared/jobs.ts";
import type { Rights } from "../lab/aws/rights.ts";

const nothing: Prefixes = { archive: [], state: [] };

/** What the stack lets the role of a job, or of `start-run`, do in S3; `test/infra/rights.test.ts` holds the template to it. */
export function deployedRights(name: string, buckets: Readonly<Record<keyof Prefixes, string>>): Rights {
  const { writes = nothing, reads = nothing, lists = nothing } = name === "start-run" ? startRunAccess() : access(name);
  const rightsIn = (bucket: keyof Prefixes) => {
    const gets = [...writes[bucket], ...reads[bucket]];
    return { puts: writes[bucket], gets, lists: [...gets, ...lists[bucket]] };
  };
  return { [buckets.archive]: rightsIn("archive"), [buckets.state]: rightsIn("state") };
}

interface Access {
  readonly writes?: Prefixes;
  readonly reads?: Prefixes;
  readonly lists?: Prefixes;
}

function access(name: string): Access {
  return (jobs as Readonly<Record<string, JobDeployment>>)[name] ?? {};
}

function startRunAccess(): Access {
  const estimates = Object.values<JobDeployment>(jobs).map(({ estimate }) => estimate);
  return { reads: union(estimates), lists: union(estimates.flatMap(({ lists = [] }) => lists)) };
}

function union(prefixes: readonly Prefixes[]): Prefixes {
  return { archive: prefixes.flatMap(({ archive }) => archive), state: prefixes.flatMap(({ state }) => state) };
}
