import { expect } from "vitest";
import { Pause } from "../../../shared/core/async/pause.ts";
import { JobError } from "../../../shared/errors.ts";
import { NotAudioError } from "../../../shared/ringcentral/endpoints/recording.ts";
import { BodyError } from "../../../shared/ringcentral/http/body.ts";
import { planted } from "./hostile-json.ts";
import { bearer } from "./scripted-client.ts";

/** Maximum wait, and maximum difference of clocks, in ms. */
const maxWaitMs = 60 * 60_000;
const slackMs = 2 * 60_000;
const prototypeNames = Object.getOwnPropertyNames(Object.prototype).sort();

/** Fails unless `error` is a documented one without secrets. */
export function expectDocumented(error: unknown, now: number): void {
  if (error instanceof Pause) {
    // An instant that has passed is a wait of none: a gate that was used up stays closed for the rest of its slice.
    expect(error.until.getTime()).toBeLessThanOrEqual(now + maxWaitMs + slackMs);
    return;
  }
  const isDocumented = error instanceof JobError || error instanceof BodyError || error instanceof NotAudioError;
  if (!isDocumented) throw error;
  expectNotMentioned([...planted.split("."), bearer], `${error.message} ${JSON.stringify(error)}`);
}

export function expectNotMentioned(secrets: readonly string[], text: string): void {
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(text.length).toBeLessThan(3_000);
}

export function expectPrototypesUntouched(): void {
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(prototypeNames);
  expect(({} as { readonly polluted?: unknown }).polluted).toBeUndefined();
}
