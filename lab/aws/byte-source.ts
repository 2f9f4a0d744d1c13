import { AwsError } from "./aws-error.ts";

/** Bytes that arrive in pieces of any size, taken out line by line or in counted portions. */
export interface ByteSource {
  /** Returns the text up to the next CRLF, which is consumed; at the end of the bytes, the rest. */
  line(): Promise<string>;
  /** Returns at least one byte and at most `limit`. */
  take(limit: number): Promise<Buffer>;
}

const maxLineLength = 8192;

export function createByteSource(pieces: AsyncIterable<Buffer>): ByteSource {
  const iterator = pieces[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await iterator.next();
    if (next.done) return false;
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
    return true;
  };
  const cut = (length: number): Buffer => {
    const taken = held.subarray(0, length);
    held = held.subarray(length);
    return taken;
  };
  return {
    line: async () => {
      for (;;) {
        const end = held.indexOf("\r\n");
        if (end >= 0) return cut(end + 2).toString("latin1", 0, end);
        if (held.length > maxLineLength) throw incompleteBody();
        if (!(await more())) return cut(held.length).toString("latin1");
      }
    },
    take: async (limit) => {
      while (held.length === 0) if (!(await more())) throw incompleteBody();
      return cut(Math.min(limit, held.length));
    },
  };
}

export function incompleteBody(): AwsError {
  return new AwsError(
    400,
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header.",
  );
}
