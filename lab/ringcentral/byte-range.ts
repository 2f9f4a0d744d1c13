/** `[from, to)` of a whole. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** What a Range header asks for: a part, nothing that exists, or (absent, several or not understood) the whole. */
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
