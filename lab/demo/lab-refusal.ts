import { existsSync } from "node:fs";
import { join } from "node:path";
import { tamperKinds } from "./tamper.ts";

const usage = `npm run lab -- nightshift status --stack lab
    runs a command against what npm start has archived
npm run lab -- tamper <${tamperKinds.join("|")}>
    tampers with that archive, so that you see which command finds it, and which heals it`;

/** Returns why the lab in a folder does nothing with these arguments, and what to do; undefined if it does something. */
export function labRefusal([command, ...args]: readonly string[], dir: string): string | undefined {
  const isHelp = args.includes("--help");
  const [kind = ""] = args;
  const isKnown = command === "nightshift" || (command === "tamper" && args.length === 1 && tamperKinds.includes(kind));
  if (!isKnown) return usage;
  if (!existsSync(join(dir, ".lab"))) return "There is no lab yet: run npm start first.";
  if (kind === "credential" && !isHelp)
    return "The lab keeps the credential of its own RingCentral, and stores no other: try nightshift credential put with a stack in AWS.";
  return undefined;
}
