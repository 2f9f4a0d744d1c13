const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const narrowLetters = /^[\u0020-\u10ff\u1e00-\u20ff]/;
const invisible = /[\p{Cc}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+/gu;

/** Returns a name that fits a chart's label of so many letters. Wide characters count twice; what turns directions is left out. */
export function shortened(name: string, letters: number): string {
  const parts = [...graphemes.segment(name.replaceAll(invisible, " ").trim())].map(({ segment }) => segment);
  const widthOf = (part: string) => (narrowLetters.test(part) ? 1 : 2);
  if (parts.reduce((sum, part) => sum + widthOf(part), 0) <= letters) return parts.join("");
  let text = "";
  let room = letters - 1;
  for (const part of parts) {
    room -= widthOf(part);
    if (room < 0) break;
    text += part;
  }
  return `${text.trimEnd()}…`;
}
