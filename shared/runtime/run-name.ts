import { createHash } from "node:crypto";
import { compareText } from "../core/compare-text.ts";

export interface RunNameOptions {
  readonly job: string;
  /** ARN of the alias to start. */
  readonly target: string;
  readonly scheduledTime: string | undefined;
  readonly request: unknown;
  readonly now: Date;
}

/**
 * Returns the name under which a run starts once: up to 64 of `[A-Za-z0-9_-]`, unique per AWS account and region, hence
 * with part of the target's hash. Equal requests of an operator within a minute get the same name.
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

/** Returns the same text for the same request, whatever the order of its fields. */
function canonical(request: unknown): string {
  return JSON.stringify(request, (_key, value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareText(a, b)))
      : value,
  );
}
