/** Orders texts by code unit: the same everywhere, unlike an order by language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
