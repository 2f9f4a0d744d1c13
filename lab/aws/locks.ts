/** Runs tasks with the same name one after the other, and tasks with different names in parallel. */
export type Locks = <Result>(name: string, task: () => Promise<Result>) => Promise<Result>;

export function createLocks(): Locks {
  const last = new Map<string, Promise<unknown>>();
  return async (name, task) => {
    const mine = (last.get(name) ?? Promise.resolve()).then(task, task);
    last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (last.get(name) === mine) last.delete(name);
    }
  };
}
