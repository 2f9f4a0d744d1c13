import { closestMatch } from "leven";

/** The name that was probably meant by one that is not known. */
export function nearestName(wrong: string, names: readonly string[]): string | undefined {
  const lower = new Map(names.map((name) => [name.toLowerCase(), name]));
  return lower.get(closestMatch(wrong.toLowerCase(), [...lower.keys()]) ?? "");
}
