import { chooseAccount } from "../shared/audit/choose-account.ts";
import { findCalls } from "../shared/audit/find-calls.ts";
import { addDays } from "../shared/core/time/days.ts";
import { anyText, bucketName, date, type Options, phoneNumber, readOptions } from "./options.ts";
import { openArchive, print, runCommand } from "./run-command.ts";

const usage = `npm run find -- --bucket <archive bucket> [--account <RingCentral account id>] and at least one of
  --record <id>  --session <id>  --recording <id>  --number <phone number>  --extension <number or id>
  --day <YYYY-MM-DD>, or --from <YYYY-MM-DD> and --to <YYYY-MM-DD> (the first day not meant)
Each call found is one line of JSON: { day, recordings, record }.
`;

const ids = { record: anyText, session: anyText, recording: anyText, extension: anyText };
const texts = { bucket: bucketName, account: anyText, ...ids, number: phoneNumber, day: date, from: date, to: date };

/** Finds calls. Exit status: 0 something was found, 1 nothing, 2 it could not be looked for everywhere. */
await runCommand(async (args) => {
  if (args.includes("--help")) {
    process.stdout.write(usage);
    return 0;
  }
  const { bucket = "", account, day, from, to, ...query } = readOptions({ texts, flags: [], together }, args);
  const archive = await openArchive(bucket);
  const span = day === undefined ? { from, to } : { from: day, to: addDays(day, 1) };
  const calls = findCalls({ archive, account: await chooseAccount(archive, account), query, ...span });
  let found = 0;
  for await (const { record, ...where } of calls) {
    found++;
    print(JSON.stringify({ ...where, record: record.raw }));
  }
  return found > 0 ? 0 : 1;
});

function together({ bucket, account, ...conditions }: Options<keyof typeof texts, never>): string[] {
  const { day, from, to } = conditions;
  return [
    ...(bucket === undefined ? ["--bucket is missing"] : []),
    ...(Object.keys(conditions).length === 0 ? ["nothing is said of what to find"] : []),
    ...(day !== undefined && (from ?? to) !== undefined ? ["--day and --from or --to exclude each other"] : []),
    ...(from !== undefined && to !== undefined && from >= to ? ["--to has to be later than --from"] : []),
  ];
}
