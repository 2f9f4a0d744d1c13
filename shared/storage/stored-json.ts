/** Parses an object's JSON. Undefined if it is none, so that the caller's schema reports the error. */
export function storedJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
