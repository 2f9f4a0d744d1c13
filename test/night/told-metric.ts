import type { Cloud } from "./cloud.ts";

/** Every value of a metric that the job has told CloudWatch so far, in order (CloudWatch: embedded metric format). */
export function toldMetric({ lambda }: Pick<Cloud, "lambda">, name: string): number[] {
  const lines = lambda.logs("archive-calls").split("\n");
  const embedded = lines.filter((line) => line.includes('"_aws"')).map((line) => JSON.parse(line) as object);
  return embedded.flatMap((line) => (name in line ? [Number((line as Readonly<Record<string, unknown>>)[name])] : []));
}
