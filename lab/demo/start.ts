import { resolve } from "node:path";
import { createSession } from "./demo-session.ts";
import { lockFolder } from "./folder-lock.ts";
import { labNights } from "./lab-nights.ts";
import { startOptions, usage } from "./start-options.ts";
import { tryAccount } from "./try-account.ts";

const options = startOptions(process.argv.slice(2));
if ("errors" in options) fail([...options.errors, "", usage].join("\n"));
else if (options.help) process.stdout.write(`${usage}\n`);
else await start(resolve(options.into ?? (options.credential ? "archive/account" : "archive/lab")));

async function start(dir: string): Promise<void> {
  if ("errors" in options) return;
  const { credential, days, timeZone } = options;
  const locked = await lockFolder(dir);
  if (typeof locked === "string") return fail(locked);
  const session = createSession(dir, process.stdout);
  try {
    const problem = credential
      ? await tryAccount(session, { file: credential, days, timeZone })
      : await labNights(session);
    if (problem) fail(problem);
  } finally {
    session.end();
    await locked.unlock();
  }
}

function fail(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
