import { type ArchiveContents, readArchive } from "../../lab/demo/archive-contents.ts";
import { type LabVerification, verifyBucket } from "../../lab/demo/verify-in-lab.ts";
import { enterFastWorld } from "../support/enter-fast-world.ts";
import type { FastRun, FastRunOptions } from "../support/fast-run.ts";
import type { FastWorld, FastWorldOptions } from "../support/fast-world.ts";

/** The fast world, for tests of the calls' archive only. */
export interface FastNights extends Omit<FastWorld, "ringCentral" | "night" | "nextNight"> {
  readonly ringCentral: ReturnType<FastWorld["ringCentral"]>;
  readonly night: (options?: FastRunOptions) => Promise<FastRun>;
  /** Lets the given number of days pass, then runs the job. @default 1 */
  readonly nextNight: (daysLater?: number) => Promise<FastRun>;
  /** Runs it like an operator's request. */
  readonly request: (request: object) => Promise<FastRun>;
  /** Replaces the credential's secret. */
  readonly putCredential: (credential: object | string) => void;
  /** Every value of a metric that the job has published so far, in order. */
  readonly published: (metric: string) => readonly number[];
  readonly contents: () => Promise<ArchiveContents>;
  readonly verify: () => Promise<LabVerification>;
}

const dayMs = 24 * 3_600_000;

/** Opens a world for one test, which is closed with the test. */
export async function enterFastNights(options?: FastWorldOptions): Promise<FastNights> {
  return fastNightsOf(await enterFastWorld(options));
}

export function fastNightsOf(world: FastWorld): FastNights {
  const ringCentral = world.ringCentral();
  const lines: Partial<Record<string, number>>[] = [];
  const night = async (options?: FastRunOptions) => {
    const run = await world.run("archive-calls", options);
    lines.push(...run.metricLines.map(({ line }) => JSON.parse(line)));
    return run;
  };
  return {
    ...world,
    ringCentral,
    night,
    nextNight: (daysLater = 1) => {
      world.clock.advance(daysLater * dayMs);
      return night();
    },
    request: (request) => night({ request }),
    putCredential: (credential) =>
      world.aws.putSecret("credential", typeof credential === "string" ? credential : JSON.stringify(credential)),
    published: (metric) => lines.flatMap((line) => line[metric] ?? []),
    contents: () => readArchive(world, `${world.name}-archive`),
    verify: () => verifyBucket(world.archive, ringCentral.truth().accountId),
  };
}
