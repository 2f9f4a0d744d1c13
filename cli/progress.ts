import type { Bucket } from "../shared/aws/bucket.ts";
import type { Shell } from "./shell.ts";

/** Progress of a command, by what it has asked of a bucket. */
interface Progress {
  /** The bucket, counted. */
  readonly bucket: Bucket;
  /** Removes the line, before another is printed. */
  readonly clear: () => void;
  readonly end: () => void;
}

const terminalMs = 500;
const plainMs = 30_000;

/** Shows how much was read: on a terminal in a line that changes, elsewhere every 30 seconds in a new one. */
export function showProgress({ writeError, isTerminal }: Shell, bucket: Bucket): Progress {
  const counts = { listed: 0, read: 0 };
  const counting = <T>(work: (key: string) => Promise<T>) => {
    return (key: string) => {
      counts.read++;
      return work(key);
    };
  };
  const show = () => {
    const line = `${counts.listed} objects listed, ${counts.read} read`;
    writeError(isTerminal ? `\r\u001b[2K${line}` : `${line}\n`);
  };
  const clear = () => {
    if (isTerminal) writeError("\r\u001b[2K");
  };
  const timer = setInterval(show, isTerminal ? terminalMs : plainMs);
  return {
    bucket: {
      ...bucket,
      get: counting(bucket.get),
      open: counting(bucket.open),
      head: counting(bucket.head),
      list: async function* (prefix, after) {
        for await (const object of bucket.list(prefix, after)) {
          counts.listed++;
          yield object;
        }
      },
    },
    clear,
    end: () => {
      clearInterval(timer);
      clear();
    },
  };
}
