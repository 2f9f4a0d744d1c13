/**
 * Replaces this process's Date by one that runs `offsetMs()` ahead, so that a child lives in the lab's time.
 * @param {() => number} offsetMs
 */
export function runDateAhead(offsetMs) {
  const RealDate = Date;
  const now = () => RealDate.now() + offsetMs();
  // A proxy rather than a subclass: dates made by Node itself (a file's mtime) stay instances of it.
  const LabDate = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
  });
  RealDate.prototype.constructor = LabDate;
  globalThis.Date = LabDate;
}
