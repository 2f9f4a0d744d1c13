/** Compares text by UTF-16 code unit: the same on every machine, unlike a language's order. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
