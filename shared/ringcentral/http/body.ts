import { startCountdown, type TimeLimits } from "./timeouts.ts";

/** The body broke off, stalled, or is longer than anything sensible: the same request may well succeed. */
export class BodyError extends Error {
  override readonly name: string = "BodyError";
}

/** The connection broke, or the body took longer than it may: not by its own fault. */
export class BrokenBody extends BodyError {
  override readonly name: string = "BrokenBody";
}

/** The body took longer than it may: whoever asks again at once pays for waiting again. */
export class BodyTimeoutError extends BrokenBody {
  override readonly name = "BodyTimeoutError";
}

/** The body is longer than we read: asking for it again unchanged brings the same. */
export class BodyTooLarge extends BodyError {
  override readonly name = "BodyTooLarge";
}

/** How long a body is waited for. */
export interface BodyTimeouts extends Pick<TimeLimits, "idleMs"> {
  /** What is left of the time for all of it. */
  readonly remainingMs: () => number;
}

/** How much of a text is read, and for how long it is waited. */
export interface TextLimits extends Pick<TimeLimits, "idleMs" | "textMs"> {
  readonly bytes: number;
}

/** An answer's body in chunks. @throws BodyFault when the connection breaks; SlowBody beyond either limit of time */
export async function* bodyChunks(
  response: Response,
  { idleMs, remainingMs }: BodyTimeouts,
): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await withTimeout(Math.min(idleMs, remainingMs()), () => reader.read());
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The whole body as text. @throws BodyTooLarge beyond so many bytes; BrokenBody */
export async function bodyText(response: Response, { bytes: limit, idleMs, textMs }: TextLimits): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of bodyChunks(response, { idleMs, remainingMs: startCountdown(textMs) })) {
    bytes += chunk.length;
    if (bytes > limit) throw new BodyTooLarge(`longer than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Lets go of a body that nobody reads; a connection that has broken already is gone as well. */
export async function discardBody(response: Response | undefined): Promise<void> {
  await response?.body?.cancel().catch(() => undefined);
}

async function withTimeout<T>(ms: number, read: () => Promise<T>): Promise<T> {
  // A body that never stops coming leaves a timer no chance to fire.
  if (ms <= 0) throw new BodyTimeoutError("it took too long");
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BodyTimeoutError("nothing came in time")), ms);
  });
  try {
    return await Promise.race([read(), late]);
  } catch (cause) {
    throw cause instanceof BodyError ? cause : new BrokenBody("the connection broke", { cause });
  } finally {
    clearTimeout(timer);
  }
}
