import { onTestFinished } from "vitest";
import { type FastWorld, type FastWorldOptions, openFastWorld } from "./fast-world.ts";

/** Opens a world for one test, which is closed with the test. */
export async function enterFastWorld(options: FastWorldOptions = {}): Promise<FastWorld> {
  const world = await openFastWorld(options);
  onTestFinished(world.close);
  return world;
}
