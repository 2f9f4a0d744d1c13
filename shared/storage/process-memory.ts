/** Memory counters of this process, over all its runs. */
export interface ProcessMemory {
  /** Bytes that spools hold in memory. */
  heldBytes: number;
  /** Bytes streamed since the last forced minor collection. */
  streamedBytes: number;
  /** Table cells written since the last forced major collection. */
  writtenCells: number;
}

export const processMemory: ProcessMemory = { heldBytes: 0, streamedBytes: 0, writtenCells: 0 };
