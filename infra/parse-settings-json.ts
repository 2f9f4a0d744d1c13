import { SettingsError } from "./settings-error.ts";

/** @throws SettingsError with the line of the JSON error, when `text` is not JSON */
export function parseSettingsJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SettingsError(`The settings in ${file} are not JSON: ${jsonErrorText(cause as Error, text)}`, { cause });
  }
}

/** Number of characters that V8 quotes before the unexpected one. */
const quotedCharsBefore = 10;

/** V8's message. A quotation of the text, which may be an e-mail address, is replaced by the line number. */
function jsonErrorText({ message }: Error, text: string): string {
  const quoting = /^(.*), (\.\.\.)?"(.*)"(?:\.\.\.)? is not valid JSON$/s.exec(message);
  if (!quoting) return message;
  const [, problem, isCut, quoted = ""] = quoting;
  const offset = text.indexOf(quoted) + (isCut ? quotedCharsBefore : 0);
  return `${problem} (line ${text.slice(0, offset).split("\n").length})`;
}
