import { createHash } from "node:crypto";
import { compareText } from "../core/compare-text.ts";

export interface RunNameOptions {
  readonly job: string;
  /** The alias that is started, as `targets` names it. */
  readonly target: string;
  readonly scheduledTime: string | undefined;
  readonly request: unknown;
  readonly now: Date;
}

/**
 * The name of a run, which starts once: 64 of `[A-Za-z0-9_-]`, unique per AWS account and region, so that it carries part of
 * the target's hash. Of an operator's requests, the same one within a minute is one.
 * https://docs.aws.amazon.com/lambda/latest/dg/durable-execution-idempotency.html
 */
export function runName({ job, target, scheduledTime, request, now }: RunNameOptions): string {
  const name = `${job}-${hexDigest(target, 6)}`;
  if (scheduledTime !== undefined) return `${name}-${compact(scheduledTime)}`;
  return `${name}-${compact(now.toISOString()).slice(0, 13)}-${hexDigest(canonical(request), 8)}`;
}

function hexDigest(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

function compact(instant: string): string {
  return instant.replace(/[^0-9TZ]/g, "");
}

/** The same request makes the same text, whatever the order of its fields. */
function canonical(request: unknown): string {
  return JSON.stringify(request, (_key, value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareText(a, b)))
      : value,
  );
}
