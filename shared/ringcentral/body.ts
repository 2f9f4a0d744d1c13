/** The body broke off, stalled, or is longer than anything sensible: the same request may well succeed. */
export class BodyFault extends Error {
  override readonly name = "BodyFault";
}

const idleMs = 30_000;

/** An answer's body in chunks. @throws BodyFault when the connection breaks, or nothing comes for 30 seconds */
export async function* bodyChunks(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await withinIdleTime(reader.read());
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The whole body as text. @throws BodyFault also beyond `limit` bytes */
export async function bodyText(response: Response, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of bodyChunks(response)) {
    bytes += chunk.length;
    if (bytes > limit) throw new BodyFault(`longer than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

async function withinIdleTime<T>(read: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const idle = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BodyFault("nothing came in time")), idleMs);
  });
  try {
    return await Promise.race([read, idle]);
  } catch (cause) {
    throw cause instanceof BodyFault ? cause : new BodyFault("the connection broke", { cause });
  } finally {
    clearTimeout(timer);
  }
}
