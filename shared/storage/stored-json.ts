/** The JSON that an object holds; undefined where it holds none: whatever schema it meets then says so. */
export function storedJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
