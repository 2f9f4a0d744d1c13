import { afterAll, afterEach, expect, vi } from "vitest";
import { spooledMemory } from "../../shared/storage/spool.ts";
import { takeContainerDeaths } from "./container-deaths.ts";
import { removeTemporaryFolders } from "./infra/temporary-folder.ts";

/** Runs with every test file. Files share a process, so leftovers of one would affect the next. */
const begun = surroundings();
const freshMemory = { ...spooledMemory };

afterEach(() => {
  const heldBytes = takeContainerDeaths() ? 0 : spooledMemory.heldBytes;
  Object.assign(spooledMemory, freshMemory);
  expect(heldBytes, "bytes that a spool still holds").toBe(0);
});

afterAll(() => {
  removeTemporaryFolders();
  expect(vi.isFakeTimers(), "fake timers").toBe(false);
  expect(surroundings(), "what the whole process shares").toEqual(begun);
});

/** Returns the globals that tests replace, or to which they add. */
function surroundings() {
  // Powertools sets it when it is loaded.
  const { AWS_SDK_UA_APP_ID: _, ...environment } = process.env;
  // CDK removes its folders at the process's end.
  const events = process.eventNames().filter((name) => name !== "exit");
  return {
    environment,
    listeners: events.map((name) => [name, process.listenerCount(name)]),
    time: [Date, setTimeout, setInterval, performance.now, AbortSignal.timeout],
    chance: [Math.random, crypto.randomUUID, SubtleCrypto.prototype.digest],
    outside: [fetch, process.stdout.write],
  };
}
