import type { Log } from "../../../shared/runtime/log.ts";

/** A log without output. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
