import type { Aws } from "../aws/server.ts";
import { archiveBucket } from "./cloud.ts";
import { company } from "./company.ts";
import { openWorld } from "./world.ts";

const hourMs = 3_600_000;

/** The world of earlier nights, and the environment in which a user has logged in to its AWS. */
export interface ReopenedWorld {
  readonly environment: Readonly<Record<string, string>>;
  readonly aws: Aws;
  readonly isAtWork: () => boolean;
  /** Resolves when no run is at work. */
  readonly allEnded: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Opens it over the folder of the nights. Its clock shows an hour after the last write. */
export async function reopenWorld(dir: string): Promise<ReopenedWorld> {
  const { aws, lambda, clock, stop } = await openWorld({ ...company, dir });
  let lastMs = 0;
  for await (const { lastModifiedMs } of aws.objects(archiveBucket)) lastMs = Math.max(lastMs, lastModifiedMs);
  clock.advance(lastMs + hourMs - clock.now());
  const environment = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "lab",
    AWS_SECRET_ACCESS_KEY: "lab",
  };
  const running = () => lambda.executions().filter(({ status }) => status === "RUNNING");
  return {
    environment,
    aws,
    isAtWork: () => running().length > 0,
    allEnded: async () => {
      for (const execution of running()) await lambda.waitFor(execution.function, execution.name);
    },
    stop,
  };
}
