/** What a process has in its memory, whichever of its runs put it there. */
export interface ProcessMemory {
  /** Bytes that spools hold. */
  heldBytes: number;
  /** Bytes that were streamed since V8 collected buffers. */
  streamedBytes: number;
  /** Cells of tables that were written since V8 collected all there is. */
  writtenCells: number;
}

export const processMemory: ProcessMemory = { heldBytes: 0, streamedBytes: 0, writtenCells: 0 };
