import { resolve } from "node:path";
import { createSession } from "./demo-session.ts";
import { lockFolder } from "./folder-lock.ts";
import { labNights } from "./lab-nights.ts";
import { type StartOptions, startOptions, usage } from "./start-options.ts";
import { tryAccount } from "./try-account.ts";

/** What went wrong, and the exit status: 2 if nothing was begun. */
export interface StartProblem {
  readonly text: string;
  readonly status: 1 | 2;
}

/** Does what `npm start` does with these arguments. Returns what went wrong. */
export async function runStart(args: readonly string[], output: NodeJS.WriteStream): Promise<StartProblem | undefined> {
  const options = startOptions(args);
  if ("errors" in options) return { text: [...options.errors, "", usage].join("\n"), status: 2 };
  if (!options.help) return start(options, output);
  output.write(`${usage}\n`);
  return undefined;
}

async function start(
  { credential, days, timeZone, into }: StartOptions,
  output: NodeJS.WriteStream,
): Promise<StartProblem | undefined> {
  const dir = resolve(into ?? (credential ? "archive/account" : "archive/lab"));
  const locked = await lockFolder(dir);
  if (typeof locked === "string") return { text: locked, status: 2 };
  const session = createSession(dir, output);
  try {
    const text = credential
      ? await tryAccount(session, { file: credential, days, timeZone })
      : await labNights(session);
    return text === undefined ? undefined : { text, status: 1 };
  } finally {
    session.end();
    await locked.unlock();
  }
}
