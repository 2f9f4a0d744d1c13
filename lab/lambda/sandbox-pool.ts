import type { Sandbox } from "./sandbox.ts";

/** A sandbox for one user until it is released. */
export interface Lease {
  readonly sandbox: Sandbox;
  readonly coldStart: boolean;
  readonly giveBack: () => void;
}

/** The sandboxes of one version of a function. */
export interface SandboxPool {
  /** Returns an idle warm sandbox, or else a new one; `execution` is the one for which it runs. */
  readonly lease: (execution?: string) => Promise<Lease>;
  /** Kills the busy sandboxes, or only that of `execution`. Returns true if there was any. */
  readonly kill: (execution?: string) => boolean;
  /** Discards the idle sandboxes, and the others as soon as they are idle. */
  readonly recycle: () => void;
  /** Resolves when no process is left. Later requests for a sandbox are never granted. */
  readonly stop: () => Promise<void>;
}

/** Creates a pool that starts its sandboxes with `start`. */
export function createSandboxPool(start: () => Promise<Sandbox>): SandboxPool {
  const all = new Set<Promise<Sandbox>>();
  const busy = new Map<Sandbox, string | undefined>();
  let idle: Sandbox[] = [];
  let generation = 0;
  let stopped = false;

  const startNew = () => {
    const starting = start();
    all.add(starting);
    starting.then((sandbox) => sandbox.gone).finally(() => all.delete(starting));
    return starting;
  };
  return {
    lease: async (execution) => {
      if (stopped) return new Promise(() => {});
      const bornIn = generation;
      idle = idle.filter((sandbox) => sandbox.alive());
      const warm = idle.pop();
      const sandbox = warm ?? (await startNew());
      busy.set(sandbox, execution);
      const giveBack = () => {
        busy.delete(sandbox);
        if (bornIn === generation && sandbox.alive()) idle.push(sandbox);
        else sandbox.kill();
      };
      return { sandbox, coldStart: !warm, giveBack };
    },
    kill: (execution) => {
      const hit = [...busy].filter(([, worksFor]) => execution === undefined || worksFor === execution);
      for (const [sandbox] of hit) sandbox.kill();
      return hit.length > 0;
    },
    recycle: () => {
      generation += 1;
      for (const sandbox of idle) sandbox.kill();
      idle = [];
    },
    stop: async () => {
      stopped = true;
      const sandboxes = await Promise.all(all);
      for (const sandbox of sandboxes) sandbox.kill();
      await Promise.all(sandboxes.map((sandbox) => sandbox.gone));
    },
  };
}
