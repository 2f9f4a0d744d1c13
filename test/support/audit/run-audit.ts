import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { ArchiveLab } from "./archive-lab.ts";

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

const root = join(import.meta.dirname, "../../..");
/** Compiled once for all runs. The commands see nothing else of this machine, such as a login. */
const bare = { NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "audit"), HOME: "/nonexistent" };
const credentials = { AWS_ACCESS_KEY_ID: "lab", AWS_SECRET_ACCESS_KEY: "lab" };

/** The environment in which an auditor has logged in to the lab's AWS. */
export function loggedIn({ aws }: Pick<ArchiveLab, "aws">): Readonly<Record<string, string>> {
  return { AWS_ENDPOINT_URL: aws.url, AWS_REGION: "us-east-1", ...credentials };
}

/** Starts a command as package.json does. The caller reads its output. */
export function startAudit(command: "verify" | "find", args: readonly string[], env: Readonly<Record<string, string>>) {
  const script = join(root, "cli", `${command}.ts`);
  return spawn(process.execPath, [script, ...args], {
    env: { AWS_EC2_METADATA_DISABLED: "true", ...bare, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export async function runAudit(
  command: "verify" | "find",
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const child = startAudit(command, args, env);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { status: child.exitCode, out, err };
}
