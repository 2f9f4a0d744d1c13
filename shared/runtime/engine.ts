/** Executes a run: durable steps, whose results are stored, and waits that cost nothing. */
export interface Engine {
  readonly step: <T>(name: string, effect: () => Promise<T>) => Promise<T>;
  /** Waits a whole number of seconds, at least one. */
  readonly wait: (name: string, seconds: number) => Promise<void>;
}
