import * as z from "zod/mini";
import type { Versioned } from "../core/versioned.ts";

export const OwnerRecord = z.object({
  nonce: z.string(),
  run: z.string(),
  since: z.string(),
  ended: z.optional(z.string()),
});
export type OwnerRecord = z.infer<typeof OwnerRecord>;

/** One rate window at RingCentral, so that no request of an earlier run is still counted. */
const windowSeconds = 60;

/** Which run works for a job: whoever wrote last. An older run sees it before its next slice and ends. */
export function createRunOwner(record: Versioned<OwnerRecord>, options: { now: () => Date; nonce: () => string }) {
  const write = async (run: string, ended: boolean, over: string | undefined): Promise<boolean> => {
    const at = options.now().toISOString();
    const value = { nonce: options.nonce(), run, since: at, ...(ended && { ended: at }) };
    return (await record.write(value, over)) !== undefined;
  };
  return {
    take: async (run: string) => {
      for (;;) {
        const stored = await record.read();
        if (stored?.value.run === run && !stored.value.ended) return { waitSeconds: 0 };
        const mayStillRun = stored !== undefined && !stored.value.ended;
        if (await write(run, false, stored?.version)) return { waitSeconds: mayStillRun ? windowSeconds : 0 };
      }
    },
    isOwner: async (run: string) => (await record.read())?.value.run === run,
    release: async (run: string) => {
      const stored = await record.read();
      if (stored?.value.run === run) await write(run, true, stored.version);
    },
  };
}
