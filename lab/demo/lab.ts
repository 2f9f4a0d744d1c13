import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { lockFolder } from "./folder-lock.ts";
import { type ReopenedWorld, reopenWorld } from "./reopen-world.ts";
import { tamperKinds, tamperWithLab } from "./tamper.ts";

const root = join(import.meta.dirname, "../..");
const usage = `npm run lab -- nightshift status --stack lab
    runs a command against what npm start has archived
npm run lab -- tamper <${tamperKinds.join("|")}>
    tampers with that archive, so that you see which command finds it, and which heals it`;

const [command, ...args] = process.argv.slice(2);
const dir = resolve("archive/lab");
const refusal = refusalOf();

if (refusal !== undefined) refuse(refusal);
else await inLab((world) => (command === "tamper" ? tamper(world) : runCommand(world)));

/** Returns why the lab does nothing, and what to do. */
function refusalOf(): string | undefined {
  const isHelp = args.includes("--help");
  const [kind = ""] = args;
  const isKnown = command === "nightshift" || (command === "tamper" && args.length === 1 && tamperKinds.includes(kind));
  if (!isKnown) return usage;
  if (!existsSync(join(dir, ".lab"))) return "There is no lab yet: run npm start first.";
  if (kind === "credential" && !isHelp)
    return "The lab keeps the credential of its own RingCentral, and stores no other: try nightshift credential put with a stack in AWS.";
  return undefined;
}

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
  if (child.exitCode === 0 && printsLink(args))
    say(
      "In the lab the link ends with its command. To open pages: npm run lab -- nightshift page --stack lab --into pages",
    );
  if (["follow", "stop"].includes(args[0] ?? "") && !args.includes("--help"))
    say("In the lab no run outlives its command: npm run lab -- nightshift run --stack lab follows one to its end.");
  // Runs end with the lab's processes: one that was left at work is given the time that it needs.
  if (isAtWork()) say("In the lab no run outlives its command: the lab waits for the end of the run.");
  await allEnded();
}

/** True for a command that prints a link if it succeeds: of a folder it prints a path. */
function printsLink([name, ...options]: readonly string[]): boolean {
  const isFolder = options.some((each) => /^(?:--bucket=)?(?!s3:|arn:|--)(?:\.|.*[/\\])/.test(each));
  return name === "page" && !options.includes("--into") && !options.includes("--help") && !isFolder;
}

function refuse(text: string): void {
  say(text);
  process.exitCode = 2;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
