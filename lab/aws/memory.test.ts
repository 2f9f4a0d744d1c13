import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const mib = 1024 * 1024;

test("an object of 120 MiB goes in and out without being held in memory", async () => {
  // A process of its own: this one has the memory of other tests.
  const script = join(import.meta.dirname, "trial/long-call.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script]);

  const { received, grown } = JSON.parse(stdout);
  expect(received).toBe(120 * mib);
  // Held, it would be 120 at least; on a busy machine garbage waits longer for its collection.
  expect(grown / mib).toBeLessThan(110);
});
