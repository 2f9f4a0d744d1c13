import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { lockFolder } from "./folder-lock.ts";
import { reopenWorld } from "./reopen-world.ts";

const root = join(import.meta.dirname, "../..");
const usage = "npm run lab -- nightshift status --stack lab     runs a command against what npm start has archived";

const [command, ...args] = process.argv.slice(2);
const dir = resolve("archive/lab");

if (command !== "nightshift") refuse(usage);
else if (!existsSync(join(dir, ".lab"))) refuse("There is no lab yet: run npm start first.");
else await runInLab(args);

/** Runs the command line of this repository with a login to the lab's AWS, and passes on its exit status. */
async function runInLab(args: readonly string[]): Promise<void> {
  const locked = await lockFolder(dir);
  if (typeof locked === "string") return refuse(locked);
  const { environment, allEnded, stop } = await reopenWorld(dir);
  // Ctrl-C reaches the command as well, which ends by itself.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  const child = spawn(process.execPath, [join(root, "cli/nightshift.mjs"), ...args], {
    env: { ...process.env, ...environment },
    stdio: "inherit",
  });
  await once(child, "close");
  process.off("SIGINT", ignore);
  // Runs end with the lab's processes: one that was left at work is given the time that it needs.
  await allEnded();
  await stop();
  await locked.unlock();
  process.exitCode = child.exitCode ?? 2;
}

function refuse(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = 2;
}
