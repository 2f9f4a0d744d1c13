import { closestMatch } from "leven";

/** The name that was probably meant by one that is not known. */
export function nearestName(wrong: string, names: readonly string[]): string | undefined {
  return closest(wrong, names);
}

/** The same, if it is like it: no more than a third of the letters differ. */
export function similarName(wrong: string, names: readonly string[]): string | undefined {
  return closest(wrong, names, Math.floor(wrong.length / 3));
}

/** `; did you mean <the name that is like it>?`, or nothing. */
export function didYouMean(wrong: string, names: readonly string[]): string {
  const meant = similarName(wrong, names);
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}

function closest(wrong: string, names: readonly string[], maxDistance?: number): string | undefined {
  const lower = new Map(names.map((name) => [name.toLowerCase(), name]));
  const options = maxDistance === undefined ? {} : { maxDistance };
  return lower.get(closestMatch(wrong.toLowerCase(), [...lower.keys()], options) ?? "");
}
