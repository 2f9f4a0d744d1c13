import { chooseAccount } from "../shared/audit/choose-account.ts";
import { findCalls } from "../shared/audit/find-calls.ts";
import { addDays } from "../shared/core/time/days.ts";
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
    for await (const call of findCalls({ archive: progress.bucket, account: chosen, query, ...span })) {
      found++;
      progress.clear();
      print(shell, JSON.stringify({ day: call.day, recordings: call.recordings, record: call.record.raw }));
    }
    return found > 0 ? exitStatus.whole : exitStatus.somethingIsWrong;
  } finally {
    progress.end();
  }
}
