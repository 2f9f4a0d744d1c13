import { alarmTexts } from "../../alarm-texts.ts";
import type { DayFacts } from "../../core/calls/archive-status.ts";
import { type Day, dayOf, daysBetween } from "../../core/time/days.ts";
import { hasCode } from "../../errors.ts";
import type { ArchiveView, Attention, DayState } from "../../pages/report.ts";
import { readStatusAndDays } from "../../status/read-status.ts";
import type { VerificationStatus } from "../../status/read-verification.ts";
import type { PagesServices } from "./services.ts";

/** Reads how the archive stands, as pages show it. @throws STORAGE_FAILED */
export async function readArchiveView(
  { archive, state, now, stack, timeZone }: Pick<PagesServices, "archive" | "state" | "now" | "stack" | "timeZone">,
  account: string,
): Promise<ArchiveView> {
  const read = await readStatusAndDays({ archive, state, account, now }).catch(undefinedWithoutDays);
  const at = now();
  const today = read?.report.calls.today ?? dayOf(at, timeZone);
  return {
    sentence: read?.report.sentence ?? "No calls are archived yet.",
    at,
    today,
    attention: (read?.report.toDo ?? []).map((chapter) => attentionOf(chapter, stack)),
    verification: verificationOf(read?.report.verification),
    days: read ? statesOf(read.days, today) : new Map(),
    damaged: new Set(read?.report.calls.damaged),
  };
}

function undefinedWithoutDays(error: unknown): undefined {
  if (!hasCode(error, "REQUEST_INVALID")) throw error;
}

function verificationOf(status: VerificationStatus | undefined): ArchiveView["verification"] {
  return (
    status && { at: status.endedAt === undefined ? undefined : new Date(status.endedAt), findings: status.findings }
  );
}

/** Returns what to do first. A chapter without an alarm says it itself. */
function attentionOf(chapter: string, stack: string): Attention {
  const name = stack.replace(/^nightshift-/, "");
  const text = alarmTexts.find((each) => each.chapter === chapter);
  const first = text?.first.replaceAll("<name>", name);
  const act = first ?? `read \`${chapter}\` in \`docs/operations.md\`.`;
  const sentences = [text?.meaning, `${act.slice(0, 1).toUpperCase()}${act.slice(1)}`];
  return { chapter, act: sentences.filter(Boolean).join(" "), command: commandFor(chapter, name, first) };
}

function commandFor(chapter: string, name: string, first: string | undefined): string {
  return first === undefined
    ? `npx nightshift status --stack ${name}`
    : `npx nightshift explain ${chapter} --stack ${name}`;
}

function statesOf(days: ReadonlyMap<Day, DayFacts>, today: Day): ReadonlyMap<Day, DayState> {
  const [first] = [...days.keys()].sort();
  const all = first === undefined ? [] : daysBetween(first, today);
  return new Map(all.map((day) => [day, stateOf(days.get(day))]));
}

function stateOf(facts: DayFacts | undefined): DayState {
  if (!facts) return "missing";
  if (facts.isDamaged) return "incomplete";
  if (!facts.isClosed) return "open";
  return (facts.totals?.lost ?? 0) + (facts.totals?.unstable ?? 0) > 0 ? "incomplete" : "complete";
}
