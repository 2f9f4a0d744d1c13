import { SettingsError } from "./settings-error.ts";

/** @throws SettingsError with the line that is no JSON */
export function parseSettingsJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SettingsError(`The settings in ${file} are not JSON: ${complaintOf(cause as Error, text)}`, { cause });
  }
}

/** How much V8 quotes before what it did not expect. */
const quotedBefore = 10;

/** V8's words; where it quotes the text, which may be somebody's address, the line instead. */
function complaintOf({ message }: Error, text: string): string {
  const quoting = /^(.*), (\.\.\.)?"(.*)"(?:\.\.\.)? is not valid JSON$/s.exec(message);
  if (!quoting) return message;
  const [, what, isCut, quoted = ""] = quoting;
  const at = text.indexOf(quoted) + (isCut ? quotedBefore : 0);
  return `${what} (line ${text.slice(0, at).split("\n").length})`;
}
