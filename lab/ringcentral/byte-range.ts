/** `[from, to)` of a whole. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** Parses a Range header: one range, an unsatisfiable one, or the whole if it is absent, invalid or has several ranges. */
export function parseByteRange(header: string | undefined, length: number): ByteRange | "unsatisfiable" | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  if (first === "") {
    const from = Math.max(0, length - Number(last));
    return from < length ? { from, to: length } : "unsatisfiable";
  }
  const from = Number(first);
  const to = last === "" ? length : Math.min(length, Number(last) + 1);
  if (from >= length) return "unsatisfiable";
  return to > from ? { from, to } : undefined;
}
