import { chooseAccount } from "../shared/audit/choose-account.ts";
import { findCalls } from "../shared/audit/find-calls.ts";
import { addDays } from "../shared/core/time/days.ts";
import { anyText, bucketName, date, type Options, phoneNumber, readOptions } from "./options.ts";
import { openArchive, print, runCommand } from "./run-command.ts";

const usage = `npm run find -- --bucket <archive bucket> [--account <RingCentral account id>] and at least one of
  --record <id>  --session <id>  --recording <id>  --number <phone number>  --extension <number or id>
  --day <YYYY-MM-DD>, or --from <YYYY-MM-DD> and --to <YYYY-MM-DD> (exclusive)
Prints one line of JSON per call: { day, recordings, record }.
`;

const ids = { record: anyText, session: anyText, recording: anyText, extension: anyText };
const texts = { bucket: bucketName, account: anyText, ...ids, number: phoneNumber, day: date, from: date, to: date };

/** Finds calls. Exit status: 0 calls found, 1 none found, 2 not all of the archive could be searched. */
await runCommand(async (args) => {
  if (args.includes("--help")) {
    process.stdout.write(usage);
    return 0;
  }
  const { bucket = "", account, day, from, to, ...query } = readOptions({ texts, flags: [], checkCombination }, args);
  const archive = await openArchive(bucket);
  const span = day === undefined ? { from, to } : { from: day, to: addDays(day, 1) };
  const calls = findCalls({ archive, account: await chooseAccount(archive, account), query, ...span });
  let found = 0;
  for await (const { day: callDay, recordings, record } of calls) {
    found++;
    print(JSON.stringify({ day: callDay, recordings, record: record.raw }));
  }
  return found > 0 ? 0 : 1;
});

function checkCombination({ bucket, account, ...conditions }: Options<keyof typeof texts, never>): string[] {
  const { day, from, to } = conditions;
  return [
    ...(bucket === undefined ? ["--bucket is missing"] : []),
    ...(Object.keys(conditions).length === 0 ? ["at least one condition is needed"] : []),
    ...(day !== undefined && (from ?? to) !== undefined ? ["--day cannot be combined with --from or --to"] : []),
    ...(from !== undefined && to !== undefined && from >= to ? ["--to must be later than --from"] : []),
  ];
}
