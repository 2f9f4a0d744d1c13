import * as z from "zod/mini";
import { jobs as knownJobs } from "../shared/jobs.ts";

/** What is looked at, as far as it is there and has its form: the schema tells the rest. */
const Settings = z.catch(
  z.object({
    jobs: z.catch(z.optional(z.array(z.string())), undefined),
    startAt: z.catch(z.record(z.string(), z.unknown()), {}),
    analytics: z.catch(z.unknown(), undefined),
    kmsKeyArn: z.catch(z.optional(z.string()), undefined),
    signWith: z.catch(z.optional(z.string()), undefined),
    aws: z.catch(z.object({ region: z.string() }), { region: "" }),
  }),
  {
    jobs: undefined,
    startAt: {},
    analytics: undefined,
    kmsKeyArn: undefined,
    signWith: undefined,
    aws: { region: "" },
  },
);

/** Settings that are good by themselves and have no effect, or cannot work, beside the others: `field: why`. */
export function contradictions(json: unknown): readonly string[] {
  const { jobs, startAt, analytics, aws, ...settings } = Settings.parse(json);
  const isDeployed = (job: string) => jobs === undefined || jobs.includes(job) || !(job in knownJobs);
  const wrong = Object.keys(startAt).flatMap((job) =>
    isDeployed(job) ? [] : [`startAt.${job}: has no effect, for jobs does not name it`],
  );
  if (analytics !== undefined && !isDeployed("collect-analytics"))
    wrong.push("analytics: has no effect, for jobs does not name collect-analytics");
  if (jobs?.length === 1 && jobs[0] === "build-tables")
    wrong.push(
      "jobs: build-tables starts when another job has ended, and there is none; add archive-calls or collect-analytics",
    );
  for (const field of ["kmsKeyArn", "signWith"] as const) {
    const region = settings[field]?.split(":")[3];
    if (aws.region && region && region !== aws.region)
      wrong.push(`${field}: is a key in ${region}, and the stack is in ${aws.region}; KMS keys serve their own region`);
  }
  return wrong;
}
