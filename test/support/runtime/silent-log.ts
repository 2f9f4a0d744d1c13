import type { Log } from "../../../shared/runtime/log.ts";

/** A log that nobody reads. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
