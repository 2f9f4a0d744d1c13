import { AwsError } from "./aws-error.ts";

export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** Parses one range (RFC 9110 §14.1.2). Any other header is ignored, and a range outside the object is 416. */
export function readRange(value: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(value ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const [, first = "", last = ""] = match;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(size - 1, Number(last));
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  if (start > end) {
    throw new AwsError(416, "InvalidRange", "The requested range is not satisfiable", {
      headers: { "content-range": `bytes */${size}` },
      details: { RangeRequested: value ?? "", ActualObjectSize: String(size) },
    });
  }
  return { start, length: end - start + 1 };
}
