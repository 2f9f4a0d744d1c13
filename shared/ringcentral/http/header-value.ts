/**
 * Returns a header's value. A proxy may send a header twice, read as `10, 10` (RFC 9110 §5.3): equal values count as one,
 * different ones as undefined.
 */
export function headerValue(headers: Headers, name: string): string | undefined {
  const values = new Set(
    headers
      .get(name)
      ?.split(",")
      .map((value) => value.trim()),
  );
  const [value] = values;
  return values.size === 1 ? value : undefined;
}
