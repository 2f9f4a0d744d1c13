import { whenGone } from "./gone.ts";

/** On a call's arrival, or when it was carried out and nothing of its response is sent yet; a refused call has no `after`. */
export type Moment = "before" | "after";

/** Told of calls; the call waits for what it returns. */
export type Observer<Call> = (call: Call, when: Moment) => void | Promise<void>;

export interface ObserveOptions {
  /** @default "before" */
  readonly when?: Moment;
}

/** Who watches a server: one observer for each moment. */
export interface Observers<Call> {
  readonly set: (observer: Observer<Call> | undefined, options?: ObserveOptions) => void;
  /** False when the caller went away while the observer kept its call waiting; `gone` is then aborted. */
  readonly tell: (when: Moment, call: Call, gone: AbortSignal) => Promise<boolean>;
}

export function createObservers<Call>(): Observers<Call> {
  const observers = new Map<Moment, Observer<Call> | undefined>();
  return {
    set: (observer, { when = "before" } = {}) => {
      observers.set(when, observer);
    },
    tell: async (when, call, signal) => {
      const observed = observers.get(when)?.(call, when);
      if (!observed) return true;
      const gone = Symbol("gone");
      const outcome = await Promise.race([observed, whenGone(signal).then(() => gone)]);
      return outcome !== gone;
    },
  };
}
