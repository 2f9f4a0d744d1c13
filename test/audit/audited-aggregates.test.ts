import { expect, test } from "vitest";
import { auditedPrefixes, keptAggregates } from "../../shared/audit/audited-aggregates.ts";
import type { JobDeployment } from "../../shared/job-deployment.ts";
import { jobs } from "../../shared/jobs.ts";

const account = "37439510";

test.each(Object.entries<JobDeployment>(jobs))(
  "verify sees every prefix that %s writes in the archive",
  async (_, job) => {
    const audited = (await keptAggregates()).flatMap((aggregate) => auditedPrefixes(aggregate, account));
    const { archive = [] } = job.writes;

    const unseen = archive.filter((prefix) => !audited.some((each) => each.startsWith(prefix)));

    expect(unseen).toEqual([]);
  },
);

test("each job that keeps something audits its own aggregate", async () => {
  const kept = Object.values<JobDeployment>(jobs).flatMap(({ keeps = [] }) => keeps);

  expect((await keptAggregates()).map(({ name }) => name)).toEqual(kept);
  expect(new Set(kept).size).toBe(kept.length);
});
