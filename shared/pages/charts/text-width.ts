/** Marks above, below or around a letter. A mark beside it has a width: the "ā" of Hindi, for one. */
const withoutWidth = /[\p{Mn}\p{Me}\p{Cf}]/u;
const thin = /[\p{Z}.,:;'’٬٫|!()ijlIt]/u;
const digit = /\p{Nd}/u;
const broad = /[mwMW%\p{Extended_Pictographic}\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}]/u;

/** Returns the width of a text in pixels, or somewhat more: readers' fonts are not known, and this holds for wide ones. */
export function textWidth(text: string, fontSize: number): number {
  return fontSize * [...text].reduce((sum, letter) => sum + emsOf(letter), 0);
}

function emsOf(letter: string): number {
  if (digit.test(letter)) return 0.64;
  if (withoutWidth.test(letter)) return 0;
  if (thin.test(letter)) return 0.4;
  return broad.test(letter) ? 1 : 0.72;
}

/** Returns by how much a text from `left` must be moved to lie between 0 and `end`. */
export function shiftInto(left: number, width: number, end: number): number {
  const moved = Math.max(0, Math.min(left, end - width));
  return moved - left;
}

/** Returns the room that labels beside a chart need: a gap and the longest of them, in steps so that few specs are compiled. */
export function labelRoom(labels: readonly string[], fontSize: number, gap: number): number {
  const longest = Math.max(0, ...labels.map((label) => textWidth(label, fontSize)));
  return 8 * Math.ceil((longest + gap) / 8);
}
