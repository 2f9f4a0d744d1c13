import type { Rights } from "../../lab/aws/rights.ts";
import { bucketNames, type JobDeployment, type Prefixes, readsOf } from "../../shared/job-deployment.ts";
import { jobs } from "../../shared/jobs.ts";

/** Returns the S3 permissions of a job's or `start-run`'s role. `test/infra/rights.test.ts` compares the template with them. */
export function deployedRights(name: string, buckets: Readonly<Record<keyof Prefixes, string>>): Rights {
  const access = name === "start-run" ? startRunAccess() : accessOf(name);
  const rightsIn = (bucket: keyof Prefixes) => {
    const prefixesOf = (kind: keyof Access) => access[kind]?.[bucket] ?? [];
    const puts = [...prefixesOf("writes"), ...prefixesOf("writesOnly")];
    const gets = [...prefixesOf("writes"), ...prefixesOf("reads")];
    return { puts, gets, lists: [...gets, ...prefixesOf("lists")] };
  };
  return Object.fromEntries(bucketNames.map((bucket) => [buckets[bucket], rightsIn(bucket)]));
}

interface Access {
  readonly writes?: Prefixes;
  readonly writesOnly?: Prefixes;
  readonly reads?: Prefixes;
  readonly lists?: Prefixes;
}

function accessOf(name: string): Access {
  const deployments: Readonly<Record<string, JobDeployment>> = jobs;
  const deployment = deployments[name];
  return deployment ? { ...deployment, reads: readsOf(deployment, Object.values(deployments)) } : {};
}

function startRunAccess(): Access {
  const estimates = Object.values<JobDeployment>(jobs).map(({ estimateReads }) => estimateReads);
  return { reads: union(estimates), lists: union(estimates.flatMap(({ lists = [] }) => lists)) };
}

function union(prefixes: readonly Prefixes[]): Prefixes {
  return Object.fromEntries(bucketNames.map((bucket) => [bucket, prefixes.flatMap((each) => each[bucket] ?? [])]));
}
