import { readFileSync } from "node:fs";

const lookEveryMs = 100;

/** Calls `onExceeded` once a process uses more than `limitMb` of memory. Does nothing without /proc. */
export function watchMemory(pid: number, limitMb: number, onExceeded: () => void): () => void {
  if (process.platform !== "linux") return () => {};
  const look = setInterval(() => {
    if (residentMb(pid) > limitMb) onExceeded();
  }, lookEveryMs);
  return () => clearInterval(look);
}

function residentMb(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0; // It has just ended.
  }
}
