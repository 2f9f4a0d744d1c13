import { readFileSync } from "node:fs";

const lookEveryMs = 100;

/** Memory of this process's children that ran one program. */
export interface PeakWatch {
  /** Peak memory of the largest of them, in bytes. */
  readonly peak: () => number;
  readonly stop: () => void;
}

/** Watches the children whose command line contains `program`. Needs Linux, because the peak is read from /proc. */
export function watchPeak(program: string): PeakWatch {
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, ...children().map((pid) => peakOf(pid, program)));
  };
  const timer = setInterval(look, lookEveryMs);
  return { peak: () => peak, stop: () => clearInterval(timer) };
}

function children(): readonly string[] {
  const { pid } = process;
  return read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean);
}

function peakOf(pid: string, program: string): number {
  if (!read(`/proc/${pid}/cmdline`).includes(program)) return 0;
  return Number(/VmHWM:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

/** Returns a file's text; empty once the process has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
