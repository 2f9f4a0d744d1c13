const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const narrowLetters = /^[\u0020-\u10ff\u1e00-\u20ff]/;
const invisible = /[\p{Cc}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+/gu;

/** A name before its bars, and what is added to it to tell it from others or to say its size. */
export interface RowName {
  readonly name: string;
  readonly ending?: string;
}

/**
 * Returns a name that fits a chart's label of so many letters: the name is shortened, its ending is not. Wide characters count
 * twice; what turns directions is left out.
 */
export function shortened({ name, ending = "" }: RowName, letters: number): string {
  const parts = lettersOf(name);
  const room = letters - widthOf(lettersOf(ending));
  if (widthOf(parts) <= room) return `${parts.join("")}${ending}`;
  const kept = parts.filter((_, index) => widthOf(parts.slice(0, index + 1)) < room);
  return `${kept.join("").trimEnd()}…${ending}`;
}

function lettersOf(text: string): string[] {
  return [...graphemes.segment(text.replaceAll(invisible, " ").trim())].map(({ segment }) => segment);
}

function widthOf(parts: readonly string[]): number {
  return parts.reduce((sum, part) => sum + (narrowLetters.test(part) ? 1 : 2), 0);
}
