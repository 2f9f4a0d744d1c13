import { onTestFinished } from "vitest";
import { type FastWorld, type FastWorldOptions, openFastWorld } from "./fast-world.ts";

/** A world for one test, which goes with it. */
export async function enterFastWorld(options: FastWorldOptions = {}): Promise<FastWorld> {
  const world = await openFastWorld(options);
  onTestFinished(world.close);
  return world;
}
