import { whenGone } from "./gone-signal.ts";

/** `before`: a call has arrived. `after`: it was carried out, and no part of its response is sent. A refused call has no `after`. */
export type Moment = "before" | "after";

/** A function that is notified of calls. The call waits for its result. */
export type Observer<Call> = (call: Call, when: Moment) => void | Promise<void>;

export interface ObserveOptions {
  /** @default "before" */
  readonly when?: Moment;
}

/** Observers of a server, one for each moment. */
export interface Observers<Call> {
  readonly set: (observer: Observer<Call> | undefined, options?: ObserveOptions) => void;
  /** Returns false if the caller went away while the observer kept its call waiting; `gone` is then aborted. */
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
