import { chooseAccount } from "../shared/audit/choose-account.ts";
import { findCalls } from "../shared/audit/find-calls.ts";
import { counted } from "../shared/core/counted.ts";
import { addDays, type Day } from "../shared/core/time/days.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import type { FindOptions } from "./find-command.ts";
import { openTarget } from "./open-target.ts";
import { showProgress } from "./progress.ts";
import { print, type Shell } from "./shell.ts";

/** Prints the calls that match. */
export async function find(options: FindOptions, shell: Shell): Promise<ExitStatus> {
  const { stack, bucket, account, json, day, from, to, ...query } = options;
  const { archive } = await openTarget(options);
  const progress = showProgress(shell, archive.bucket);
  const span = day === undefined ? { from, to } : { from: day, to: addDays(day, 1) };
  try {
    const chosen = await chooseAccount(progress.bucket, account);
    let found = 0;
    const searched = new Set<Day>();
    const onDay = (day: Day) => void searched.add(day);
    for await (const call of findCalls({ archive: progress.bucket, account: chosen, query, ...span, onDay })) {
      found++;
      progress.clear();
      print(shell, JSON.stringify({ day: call.day, recordings: call.recordings, record: call.record.raw }));
    }
    if (found > 0) return exitStatus.whole;
    progress.clear();
    shell.writeError(`${noMatchText([...searched], options)}\n`);
    return exitStatus.somethingIsWrong;
  } finally {
    progress.end();
  }
}

/** Says that nothing was found, and in which days. */
function noMatchText(searched: readonly Day[], { day, from, to }: FindOptions): string {
  const [first, last] = [searched[0], searched.at(-1)];
  if (first !== undefined) {
    const days = first === last ? first : `${counted(searched.length, "day")} from ${first} to ${last}`;
    return `No call matches. Searched: the calls of ${days}.`;
  }
  const span = [from && `from ${from} on`, to && `before ${to}`].filter(Boolean).join(" and ");
  return `No call was searched: the archive has no calls ${day === undefined ? span : `of ${day}`}.`;
}
