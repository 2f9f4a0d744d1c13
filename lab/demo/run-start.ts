import { resolve } from "node:path";
import { createSession } from "./demo-session.ts";
import { lockFolder } from "./folder-lock.ts";
import { labNights } from "./lab-nights.ts";
import { type StartOptions, startOptions, usage } from "./start-options.ts";
import { tryAccount } from "./try-account.ts";

/** Does what `npm start` does with these arguments. Returns what went wrong. */
export async function runStart(args: readonly string[], output: NodeJS.WriteStream): Promise<string | undefined> {
  const options = startOptions(args);
  if ("errors" in options) return [...options.errors, "", usage].join("\n");
  if (!options.help) return start(options, output);
  output.write(`${usage}\n`);
  return undefined;
}

async function start(
  { credential, days, timeZone, into }: StartOptions,
  output: NodeJS.WriteStream,
): Promise<string | undefined> {
  const dir = resolve(into ?? (credential ? "archive/account" : "archive/lab"));
  const locked = await lockFolder(dir);
  if (typeof locked === "string") return locked;
  const session = createSession(dir, output);
  try {
    return credential ? await tryAccount(session, { file: credential, days, timeZone }) : await labNights(session);
  } finally {
    session.end();
    await locked.unlock();
  }
}
