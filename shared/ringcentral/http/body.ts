import { startCountdown, type Timeouts } from "./timeouts.ts";

/** The body broke off, stalled or is too long. */
export class BodyError extends Error {
  override readonly name: string = "BodyError";
}

/** The connection broke or timed out; the body itself may be fine. */
export class BodyBrokenError extends BodyError {
  override readonly name: string = "BodyBrokenError";
}

/** The body timed out. An immediate retry would be billed for waiting again. */
export class BodyTimeoutError extends BodyBrokenError {
  override readonly name = "BodyTimeoutError";
}

/** The body exceeds the limit, and a retry would, too. */
export class BodyTooLargeError extends BodyError {
  override readonly name = "BodyTooLargeError";
}

/** Timeouts for reading a body. */
export interface BodyTimeouts extends Pick<Timeouts, "idleMs"> {
  /** Returns the ms left for the whole body. */
  readonly remainingMs: () => number;
}

/** Limits for reading a text: bytes and timeouts. */
export interface TextLimits extends Pick<Timeouts, "idleMs" | "textMs"> {
  readonly bytes: number;
}

/**
 * Yields a response's body in chunks.
 * @throws BodyBrokenError when the connection breaks; BodyTimeoutError when either timeout passes
 */
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

/** Returns the whole body as text. @throws BodyTooLargeError when it has more than `bytes`; BodyBrokenError */
export async function bodyText(response: Response, { bytes: limit, idleMs, textMs }: TextLimits): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of bodyChunks(response, { idleMs, remainingMs: startCountdown(textMs) })) {
    bytes += chunk.length;
    if (bytes > limit) throw new BodyTooLargeError(`longer than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Cancels an unread body, so that its connection is freed. */
export async function discardBody(response: Response | undefined): Promise<void> {
  await response?.body?.cancel().catch(() => undefined);
}

async function withTimeout<T>(ms: number, read: () => Promise<T>): Promise<T> {
  // A body that keeps arriving never lets a timer fire.
  if (ms <= 0) throw new BodyTimeoutError("the body took too long");
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BodyTimeoutError("no data within the idle timeout")), ms);
  });
  try {
    return await Promise.race([read(), timeout]);
  } catch (cause) {
    throw cause instanceof BodyError ? cause : new BodyBrokenError("the connection broke", { cause });
  } finally {
    clearTimeout(timer);
  }
}
