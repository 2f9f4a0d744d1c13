/** Lambda's own limits; sources: Lambda developer guide ("Lambda quotas", "Retries for durable functions") and API reference. */
export const limits = {
  /** Body of a synchronous Invoke. */
  synchronousPayloadBytes: 6 * 1024 * 1024,
  /** Body of an Invoke of type Event (256 KB until October 2025). */
  asynchronousPayloadBytes: 1024 * 1024,
  /** Maximum response of a handler in bytes; the number is part of Lambda's own error message. */
  responseBytes: 6_291_556,
  /** Input and result of a durable execution started asynchronously (API reference: GetDurableExecution; 256 KB at first). */
  durablePayloadBytes: 1024 * 1024,
  /** Maximum duration of an execution whose durable function may be invoked synchronously. */
  synchronousExecutionSeconds: 15 * 60,
  operations: 3_000,
  /** Maximum size of one operation except the execution itself (API reference: OperationUpdate; 256 KB at first). */
  checkpointPayloadBytes: 1024 * 1024,
  executionBytes: 100 * 1024 * 1024,
  /** API reference: WaitOptions and StepOptions, 1 … 31,622,400 seconds (366 days). */
  maxDelaySeconds: 31_622_400,
  /** Guess: "about nine times" is taken as nine re-invocations in a row, after which the execution fails. */
  reinvocations: 9,
  /** Waits before the two asynchronous retries of a failed invocation: one and two minutes. */
  asynchronousRetryDelaysMs: [60_000, 120_000],
  initMs: 10_000,
  /** Factor by which the lab lets an initialisation take longer, because a busy machine is no failing function. */
  initPatience: 6,
  /** Memory that a process needs above the function's own before the lab kills it. */
  memorySlackMb: 64,
} as const;
