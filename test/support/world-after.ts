import { copyObjectStore } from "../../lab/aws/object-store.ts";
import { enterFastWorld } from "./enter-fast-world.ts";
import { type FastWorld, type FastWorldOptions, openFastWorld } from "./fast-world.ts";
import { once } from "./once.ts";

/**
 * Works in a world once, and returns a function that opens another world for one test, at the same instant and with a copy of
 * what S3 held. RingCentral is new in it, without the first one's tokens and counters.
 */
export function worldAfter(
  options: FastWorldOptions,
  work: (world: FastWorld) => Promise<unknown>,
): (more?: FastWorldOptions) => Promise<FastWorld> {
  const made = once(async () => {
    const world = await openFastWorld(options);
    try {
      await work(world);
      return {
        store: await world.aws.copyStore(),
        secret: JSON.stringify(world.ringCentral().credential),
        start: new Date(world.clock.now()),
      };
    } finally {
      world.close();
    }
  });
  return async (more = {}) => {
    const { store, secret, start } = await made();
    return enterFastWorld({ ...options, start, earlier: { store: await copyObjectStore(store), secret }, ...more });
  };
}
