import type { Bucket } from "../../shared/aws/bucket.ts";
import type { MetricName } from "../../shared/contract.ts";
import type { JobError } from "../../shared/errors.ts";
import type { RunStatus } from "../../shared/runtime/job.ts";

/** Notes what a run says and does. */
export function takeNotes() {
  const told: Partial<Record<MetricName, number>> = {};
  const [logged, asked, written]: string[][] = [[], [], []] as const;
  let error: JobError | undefined;
  const line = (message: string, facts: object = {}) => void logged.push(JSON.stringify({ message, facts }));
  const log = { info: line, warn: line, error: line };
  const ended = (status: RunStatus, failure: JobError | undefined) => {
    error = failure;
    line(`run ${status}`, failure?.toJSON());
  };
  const add = (name: MetricName, value = 1) => {
    told[name] = (told[name] ?? 0) + value;
  };
  return {
    ...{ told, logged, asked, written, log },
    error: () => error,
    metrics: { add, publish: () => {} },
    telling: () => ({ log, ended, publish: () => {} }),
    done: (when: "before" | "after", operation: keyof Bucket, key: string) => {
      if (when === "after" && ["put", "create", "replace"].includes(operation)) written.push(key);
    },
    asking:
      (send: typeof fetch): typeof fetch =>
      (url, init) => {
        if (String(url).includes("/analytics/")) asked.push(`${url} ${init?.body}`);
        return send(url, init);
      },
  };
}
