/** Memory counters of this process, over all its runs. */
export interface ProcessMemory {
  /** Bytes that spools hold in memory. */
  heldBytes: number;
  /** Bytes streamed since the last forced minor collection. */
  streamedBytes: number;
  /** Table cells written since the last forced major collection. */
  writtenCells: number;
}

/** Counters shared by all spools and tables of this process, because they share its memory. */
export const processMemory: ProcessMemory = { heldBytes: 0, streamedBytes: 0, writtenCells: 0 };
