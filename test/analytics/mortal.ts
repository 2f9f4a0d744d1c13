import type { Bucket } from "../../shared/aws/bucket.ts";
import type { Engine } from "../../shared/runtime/engine.ts";
import { Killed } from "../runtime/in-memory-engine.ts";
import { watched } from "../tables/watched-bucket.ts";

/** Where a container dies: before the operation of that number, or after it took effect and before its answer came. */
export interface Death {
  readonly operation: number;
  readonly when: "before" | "after";
}

const writes: readonly (keyof Bucket)[] = ["put", "create", "replace"];

/** A container that dies once, counting its writes to S3 and its requests to RingCentral; then nothing it tries takes effect. */
export function mortal({ operation, when }: Death) {
  const kept: string[] = [];
  let count = 0;
  let life: "lives" | "dead" | "lives again" = "lives";
  const expectAlive = () => {
    if (life === "dead") throw new Error("the container is dead");
  };
  const reach = (number: number, now: Death["when"]) => {
    expectAlive();
    if (life !== "lives" || number !== operation || now !== when) return;
    life = "dead";
    expectAlive();
  };
  return {
    operations: () => count,
    hasDied: () => life !== "lives",
    /** Keys of what was written to any bucket, one for each time. */
    kept,
    through: (bucket: Bucket): Bucket => {
      const numbers = new Map<string, number>();
      return watched(bucket, (now, name, key) => {
        expectAlive();
        if (!writes.includes(name)) return;
        if (now === "before") numbers.set(key, ++count);
        else kept.push(key);
        reach(numbers.get(key) ?? 0, now);
      });
    },
    fetch: (async (url, init) => {
      const number = ++count;
      reach(number, "before");
      const response = await fetch(url, init);
      reach(number, "after");
      return response;
    }) satisfies typeof fetch as typeof fetch,
    /** The run goes on in another container; what the step that died had returned is not known. */
    engine: (engine: Engine): Engine => ({
      ...engine,
      step: (name, effect) =>
        engine.step(name, async () => {
          const result = await effect();
          if (life !== "dead") return result;
          life = "lives again";
          throw new Killed();
        }),
    }),
  };
}
