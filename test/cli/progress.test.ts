import { describe, expect, test, vi } from "vitest";
import { showProgress } from "../../cli/progress.ts";
import { toBody } from "../../shared/aws/bucket.ts";
import { memoryBucket } from "../support/storage/memory-bucket.ts";

/** Reads one object and lists another two, then lets time pass. */
async function progressOf(isTerminal: boolean, passedMs: number): Promise<string[]> {
  vi.useFakeTimers();
  const written: string[] = [];
  const shell = {
    write: () => {},
    writeError: (text: string) => void written.push(text),
    isTerminal,
    interrupted: new AbortController().signal,
    readInput: async () => "",
    pause: async () => {},
    deferInterrupt: <T>(work: () => Promise<T>) => work(),
  };
  const bucket = memoryBucket({ a: Buffer.from("a"), b: Buffer.from("b") });
  try {
    const progress = showProgress(shell, bucket);
    await progress.bucket.get("a");
    for await (const _object of progress.bucket.list(""));
    vi.advanceTimersByTime(passedMs);
    progress.end();
    vi.advanceTimersByTime(passedMs);
    return written;
  } finally {
    vi.useRealTimers();
  }
}

describe("progress", () => {
  test("changes a line of a terminal, and removes it at the end", async () => {
    expect(await progressOf(true, 1_000)).toEqual([
      "\r\u001b[2K2 objects listed, 1 read",
      "\r\u001b[2K2 objects listed, 1 read",
      "\r\u001b[2K",
    ]);
  });

  test("is a plain line every 30 seconds elsewhere", async () => {
    expect(await progressOf(false, 29_000)).toEqual([]);
    expect(await progressOf(false, 60_000)).toEqual(["2 objects listed, 1 read\n", "2 objects listed, 1 read\n"]);
  });

  test("leaves what the bucket does as it is", async () => {
    const progress = showProgress(
      {
        write: () => {},
        writeError: () => {},
        isTerminal: false,
        interrupted: AbortSignal.abort(),
        readInput: async () => "",
        pause: async () => {},
        deferInterrupt: <T>(work: () => Promise<T>) => work(),
      },
      memoryBucket(),
    );

    await progress.bucket.put("key", toBody("text"), "text/plain");
    progress.end();

    expect((await progress.bucket.get("key"))?.body.toString()).toBe("text");
  });
});
