/** A piece of a text: code is what a person types or finds word for word. */
interface TextPart {
  readonly text: string;
  readonly isCode: boolean;
}

/** Splits a text at its marks: what stands between two backticks is code. */
export function partsOf(marked: string): readonly TextPart[] {
  return marked.split("`").map((text, place) => ({ text, isCode: place % 2 === 1 }));
}

/** Returns a text for a place without markup, such as an e-mail or a terminal. */
export function withoutMarks(marked: string): string {
  return marked.replaceAll("`", "");
}
