import { expect, test } from "vitest";
import type { JobDeployment } from "../../shared/job-deployment.ts";
import { jobs } from "../../shared/jobs.ts";

test.each(Object.entries<JobDeployment>(jobs))(
  "%s declares a rate group exactly if it needs app scopes",
  (_name, { scopes, rateGroup }) => {
    expect(rateGroup !== undefined).toBe(scopes.length > 0);
  },
);
