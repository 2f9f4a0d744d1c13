import { createGzip } from "node:zlib";

/** Work of this process besides running JavaScript, which must end before virtual time may pass. */
export interface RealWork {
  /** Resolves when only waits for time are left. */
  readonly settled: () => Promise<void>;
  readonly restore: () => void;
}

/** Node's own functions, before they are replaced. */
const realImmediate = setImmediate;
let turnsAwaited = 0;

async function nextTurn(): Promise<void> {
  turnsAwaited++;
  await new Promise<void>((resolve) => realImmediate(() => resolve()));
  turnsAwaited--;
}

/**
 * Watches real work. Microtasks and ticks end within a turn of the event loop, so that a turn in which nothing is left says that
 * everybody waits. What may be left are immediates and file operations, which Node itself lists (`getActiveResourcesInfo`), and
 * cryptography and compression in Node's thread pool, which it does not: the first is counted here, one after the other, so that
 * its order does not depend on threads; the second is done at once instead.
 */
export function watchRealWork(): RealWork {
  const cryptography = countCryptography();
  const restoreCompression = compressImmediately();
  const isBusy = () =>
    cryptography.underWay() > 0 || process.getActiveResourcesInfo().filter(isWork).length > turnsAwaited;
  return {
    settled: async () => {
      do await nextTurn();
      while (isBusy());
    },
    restore: () => {
      cryptography.restore();
      restoreCompression();
    },
  };
}

/** True for requests to the operating system, such as `FSReqPromise`, `FSReqCallback` and `CloseReq`, and for immediates. */
function isWork(resource: string): boolean {
  return resource === "Immediate" || resource.includes("Req");
}

type AnyMethod = (this: unknown, ...args: unknown[]) => unknown;

function countCryptography() {
  const prototype = SubtleCrypto.prototype as unknown as Record<string, AnyMethod>;
  const names = Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor");
  const originals = new Map(names.map((name) => [name, prototype[name]]));
  let underWay = 0;
  let last: Promise<unknown> = Promise.resolve();
  for (const [name, original] of originals) {
    prototype[name] = function (...args) {
      underWay++;
      const work = last.then(() => original?.apply(this, args)).finally(() => underWay--);
      last = work.catch(() => undefined);
      return work;
    };
  }
  return {
    underWay: () => underWay,
    restore: () => {
      for (const [name, original] of originals) if (original) prototype[name] = original;
    },
  };
}

/** Node's own object behind a zlib stream. */
interface ZlibHandle {
  init: AnyMethod;
  write: AnyMethod;
  writeSync: AnyMethod;
  onerror: AnyMethod;
}

/** Makes zlib's streams work in the same turn, and report in the next tick. */
function compressImmediately(): () => void {
  const stream = createGzip() as unknown as { readonly _handle: ZlibHandle };
  const prototype = Object.getPrototypeOf(stream._handle) as ZlibHandle;
  const { init, write } = prototype;
  const whenDone = new WeakMap<ZlibHandle, AnyMethod>();
  prototype.init = function (...args) {
    whenDone.set(this as ZlibHandle, args[5] as AnyMethod);
    return init.apply(this, args);
  };
  prototype.write = function (...args) {
    const handle = this as ZlibHandle;
    const { onerror } = handle;
    let failed = false;
    handle.onerror = (...args) => {
      failed = true;
      return onerror.apply(handle, args);
    };
    handle.writeSync(...args);
    handle.onerror = onerror;
    if (!failed) process.nextTick(() => whenDone.get(handle)?.call(handle));
  };
  return () => Object.assign(prototype, { init, write });
}
