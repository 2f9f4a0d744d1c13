import type { LogEvent } from "../shared/aws/log-events.ts";
import { memberOf, numberOf, textOf } from "../shared/core/lenient.ts";

/** Returns log lines for people: time, function, message, what it is about, and below it what to do. */
export function logEventLines(of: string, events: readonly LogEvent[]): string[] {
  let lastHint: string | undefined;
  return events.flatMap(({ at, line }) => {
    const facts = memberOf(line, "facts");
    const text = (name: string) => textOf(memberOf(facts, name)) ?? numberOf(memberOf(facts, name))?.toString();
    const about = ["day", "id", "status", "openNights", "result", "code"].flatMap((name) => text(name) ?? []);
    const time = `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
    const head = [time, of, textOf(memberOf(line, "message")) ?? "?", ...about].join("  ");
    const hint = [text("message"), text("hint")].flatMap((part) => part ?? []).join(". ");
    // Many lines of one night tend to give the same instruction.
    const isNew = hint !== "" && hint !== lastHint;
    lastHint = hint;
    return isNew ? [head, `  ${hint}`] : [head];
  });
}
