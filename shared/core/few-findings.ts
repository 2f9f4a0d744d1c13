import type { Finding } from "./finding.ts";

/** Counts findings, and keeps the first ones. */
export interface FewFindings {
  readonly add: (found: readonly Finding[]) => void;
  readonly count: () => number;
  readonly kept: () => readonly Finding[];
}

/** Far below the 256 KB that AWS keeps of a step's result, together with another such list. Keys have up to 1,024 bytes. */
const maxBytes = 64_000;

/** Creates a list that fits into a step's result, whatever is found. It may continue an earlier one. */
export function createFewFindings(earlier: readonly Finding[] = [], earlierCount = earlier.length): FewFindings {
  const kept = [...earlier];
  let bytes = kept.reduce((sum, each) => sum + sizeOf(each), 0);
  let count = earlierCount;
  let isFull = count > kept.length;
  return {
    add: (found) => {
      count += found.length;
      for (const each of found) {
        bytes += isFull ? 0 : sizeOf(each);
        isFull ||= bytes > maxBytes;
        if (isFull) return;
        kept.push(each);
      }
    },
    count: () => count,
    kept: () => kept,
  };
}

/** Bytes of its JSON, and of the comma after it. */
function sizeOf(found: Finding): number {
  return Buffer.byteLength(JSON.stringify(found)) + 1;
}
