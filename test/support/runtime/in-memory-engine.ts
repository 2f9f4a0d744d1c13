import type { Engine } from "../../../shared/runtime/engine.ts";

/** Thrown when a container dies. The engine starts another, which replays the journal. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** When a container dies: before an operation begins, or after its effect and before its result is kept. */
export interface Kill {
  readonly operation: number;
  readonly when: "before" | "within";
}

export interface JournalEntry {
  readonly kind: "step" | "wait";
  readonly name: string;
  /** A step's result as JSON, or a wait's seconds. */
  readonly result: string | undefined;
}

export interface InMemoryEngine {
  /** Runs a job to its end, in as many containers as needed. */
  readonly run: <T>(execute: (engine: Engine) => Promise<T>) => Promise<T>;
  readonly journal: readonly JournalEntry[];
  readonly names: () => readonly string[];
  /** True while a step's effect runs. */
  readonly isInStep: () => boolean;
  readonly containers: () => number;
}

export interface InMemoryEngineOptions {
  /** Lets a wait pass. */
  readonly advance: (ms: number) => void | Promise<void>;
  readonly kills?: readonly Kill[];
}

/** Creates durable execution in memory: results of steps are kept as JSON, and a replay must take the same steps. */
export function createInMemoryEngine({ advance, kills = [] }: InMemoryEngineOptions): InMemoryEngine {
  const journal: JournalEntry[] = [];
  const left = [...kills];
  let inStep = false;
  let containers = 0;

  const dies = (when: Kill["when"]) => {
    const index = left.findIndex((kill) => kill.when === when && kill.operation === journal.length);
    if (index < 0) return;
    left.splice(index, 1);
    throw new Killed();
  };

  const effectOf = async (effect: () => Promise<unknown>): Promise<string | undefined> => {
    inStep = true;
    try {
      return JSON.stringify(await effect());
    } finally {
      inStep = false;
    }
  };

  /** The engine of one container, which first replays the journal. */
  const container = (): Engine => {
    let position = 0;
    const replayed = (kind: JournalEntry["kind"], name: string): JournalEntry | undefined => {
      const entry = journal[position];
      if (entry && (entry.kind !== kind || entry.name !== name)) {
        throw new Error(`Replay took another turn: ${kind} "${name}" where there was ${entry.kind} "${entry.name}"`);
      }
      if (!entry) dies("before");
      position++;
      return entry;
    };
    const keep = (entry: JournalEntry): JournalEntry => {
      dies("within");
      journal.push(entry);
      return entry;
    };
    return {
      step: async (name, effect) => {
        const { result } = replayed("step", name) ?? keep({ kind: "step", name, result: await effectOf(effect) });
        return result === undefined ? undefined : JSON.parse(result);
      },
      wait: async (name, seconds) => {
        if (!Number.isInteger(seconds) || seconds < 1) throw new Error(`A wait of ${seconds} s is none`);
        if (replayed("wait", name)) return;
        await advance(seconds * 1000);
        keep({ kind: "wait", name, result: String(seconds) });
      },
    };
  };

  return {
    journal,
    names: () => journal.map(({ kind, name }) => `${kind} ${name}`),
    isInStep: () => inStep,
    containers: () => containers,
    run: async (execute) => {
      for (;;) {
        containers++;
        try {
          return await execute(container());
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
        }
      }
    },
  };
}
