import type { LogEvent } from "../shared/aws/log-events.ts";
import { memberOf, numberOf, textOf } from "../shared/core/lenient.ts";
import { withTarget } from "./with-target.ts";

/** Facts that need no name. */
const named = ["day", "id", "check", "seen", "status", "result", "code", "key", "detail"];
const maxNumbers = 8;

/** The other facts that are numbers, each with its name. */
function numbersIn(facts: unknown): string[] {
  return Object.entries(Object(facts))
    .flatMap(([name, value]) => (typeof value === "number" && !named.includes(name) ? [`${name} ${value}`] : []))
    .slice(0, maxNumbers);
}

/** Returns log lines for people: time, function, message, what it is about, and below it what to do. */
export function logEventLines(of: string, events: readonly LogEvent[], stack: string): string[] {
  let lastHint: string | undefined;
  return events.flatMap(({ at, line }) => {
    const facts = memberOf(line, "facts");
    const text = (name: string) => textOf(memberOf(facts, name)) ?? numberOf(memberOf(facts, name))?.toString();
    const about = named.flatMap((name) => text(name) ?? []).concat(numbersIn(facts));
    const time = `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
    const head = [time, of, textOf(memberOf(line, "message")) ?? "?", ...about].join("  ");
    const texts = [text("message"), text("hint") ?? text("todo")].flatMap((part) => part ?? []);
    const hint = withTarget(texts.join(". "), { stack });
    // Many lines of one night tend to give the same instruction.
    const isNew = hint !== "" && hint !== lastHint;
    lastHint = hint;
    return isNew ? [head, `  ${hint}`] : [head];
  });
}
