import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { lockFolder } from "./folder-lock.ts";
import { labHint } from "./lab-hint.ts";
import { labRefusal } from "./lab-refusal.ts";
import { type ReopenedWorld, reopenWorld } from "./reopen-world.ts";
import { tamperWithLab } from "./tamper.ts";

const root = join(import.meta.dirname, "../..");
const [command, ...args] = process.argv.slice(2);
const dir = resolve("archive/lab");
const refusal = labRefusal(process.argv.slice(2), dir);

if (refusal !== undefined) refuse(refusal);
else await inLab((world) => (command === "tamper" ? tamper(world) : runCommand(world)));

/** Opens the world of the last npm start while `work` lasts. */
async function inLab(work: (world: ReopenedWorld) => Promise<void>): Promise<void> {
  const locked = await lockFolder(dir);
  if (typeof locked === "string") return refuse(locked);
  const world = await reopenWorld(dir);
  await work(world);
  await world.stop();
  await locked.unlock();
}

async function tamper({ aws }: ReopenedWorld): Promise<void> {
  for (const line of await tamperWithLab(aws, args[0] ?? "")) process.stdout.write(`${line}\n`);
}

/** Runs the command line of this repository with a login to the lab's AWS, and passes on its exit status. */
async function runCommand({ environment, isAtWork, allEnded }: ReopenedWorld): Promise<void> {
  // Ctrl-C reaches the command as well, which ends by itself.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  const child = spawn(process.execPath, [join(root, "cli/nightshift.mjs"), ...args], {
    env: { ...process.env, ...environment },
    stdio: "inherit",
  });
  await once(child, "close");
  process.off("SIGINT", ignore);
  process.exitCode = child.exitCode ?? 2;
  const hint = labHint(args, child.exitCode);
  if (hint !== undefined) say(hint);
  // Runs end with the lab's processes: one that was left at work is given the time that it needs.
  if (isAtWork()) say("In the lab no run outlives its command: the lab waits for the end of the run.");
  await allEnded();
}

function refuse(text: string): void {
  say(text);
  process.exitCode = 2;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
