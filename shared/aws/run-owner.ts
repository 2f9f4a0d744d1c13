import * as z from "zod/mini";
import type { Versioned } from "../core/versioned.ts";

export const OwnerRecord = z.object({
  nonce: z.string(),
  run: z.string(),
  since: z.string(),
  ended: z.optional(z.string()),
  /** Before this instant no Heavy request should be sent. */
  quietUntil: z.optional(z.string()),
});
export type OwnerRecord = z.infer<typeof OwnerRecord>;

/** One rate window at RingCentral, so that no request of an earlier run is still counted. */
const windowMs = 60_000;
/** No rate group rests longer than RingCentral is believed to ask for, whatever is written. */
const longestQuietMs = 60 * 60_000;

/** Which run works for a job: whoever wrote last. An older run sees it before its next slice and ends. */
export function createRunOwner(record: Versioned<OwnerRecord>, options: { now: () => Date; nonce: () => string }) {
  const nowMs = () => options.now().getTime();
  const quietUntilMsOf = (record: OwnerRecord | undefined) =>
    Math.min(Date.parse(record?.quietUntil ?? "") || 0, nowMs() + longestQuietMs);

  /** Notes who owns the job; what is quiet for longer than now stays so, whoever ends or takes over. */
  const write = async (run: string, ended: boolean, quietUntilMs: number, over: string | undefined) => {
    const at = options.now().toISOString();
    const quietUntil = quietUntilMs > nowMs() ? new Date(quietUntilMs).toISOString() : undefined;
    const value = {
      ...{ nonce: options.nonce(), run, since: at },
      ...(ended && { ended: at }),
      ...(quietUntil && { quietUntil }),
    };
    return (await record.write(value, over)) !== undefined;
  };

  return {
    /** Makes `run` the owner; once more, after a kill, it waits for what is left. */
    claim: async (run: string): Promise<{ readonly waitSeconds: number }> => {
      for (;;) {
        const stored = await record.read();
        const before = stored?.value;
        const isOwn = before?.run === run && !before.ended;
        // Nobody can tell of an unreadable record whether its run has ended.
        const mayStillRun = stored !== undefined && !isOwn && !before?.ended;
        const quietUntilMs = Math.max(quietUntilMsOf(before), mayStillRun ? nowMs() + windowMs : 0);
        if (isOwn || (await write(run, false, quietUntilMs, stored?.version))) {
          return { waitSeconds: Math.max(0, Math.ceil((quietUntilMs - nowMs()) / 1000)) };
        }
      }
    },
    isCurrent: async (run: string) => (await record.read())?.value?.run === run,
    release: async (run: string, quietUntil?: Date) => {
      const stored = await record.read();
      if (stored?.value?.run !== run) return;
      await write(run, true, Math.max(quietUntilMsOf(stored.value), quietUntil?.getTime() ?? 0), stored.version);
    },
  };
}
