import { closestMatch } from "leven";

/** Returns the name with the smallest edit distance to `unknownName`, ignoring case. */
export function nearestName(unknownName: string, names: readonly string[]): string | undefined {
  return closest(unknownName, names);
}

/** Returns the nearest name if at most a third of the letters differ, else undefined. */
export function similarName(unknownName: string, names: readonly string[]): string | undefined {
  return closest(unknownName, names, Math.floor(unknownName.length / 3));
}

/** Returns `; did you mean <similar name>?`, or an empty string. */
export function didYouMean(unknownName: string, names: readonly string[]): string {
  const suggestion = similarName(unknownName, names);
  return suggestion === undefined ? "" : `; did you mean ${suggestion}?`;
}

function closest(unknownName: string, names: readonly string[], maxDistance?: number): string | undefined {
  const byLowerCase = new Map(names.map((name) => [name.toLowerCase(), name]));
  const options = maxDistance === undefined ? {} : { maxDistance };
  return byLowerCase.get(closestMatch(unknownName.toLowerCase(), [...byLowerCase.keys()], options) ?? "");
}
