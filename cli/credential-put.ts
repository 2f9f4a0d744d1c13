import { readFile, stat } from "node:fs/promises";
import { storeSecret } from "../shared/aws/store-secret.ts";
import { StackOutput } from "../shared/contract.ts";
import { JobError } from "../shared/errors.ts";
import { parseCredential } from "../shared/ringcentral/auth/credential.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import type { CredentialPutOptions } from "./credential-put-command.ts";
import { openStack, requiredOutput } from "./open-stack.ts";
import { print, type Shell } from "./shell.ts";
import { stackJobs } from "./stack-jobs.ts";

const standardInput = "-";
/** Permissions of group and others. */
const othersMode = 0o077;

/** Stores a credential that has the right shape. @throws CREDENTIAL_INVALID with every invalid field and no value */
export async function credentialPut(options: CredentialPutOptions, shell: Shell): Promise<ExitStatus> {
  const { file = "", stack: name = "", json = false } = options;
  const text = file === standardInput ? await shell.readInput() : await readCredentialFile(file);
  parseCredential(text, new Date());
  if (file !== standardInput) await warnIfOthersMayRead(file, shell);
  const stack = await openStack(name);
  const secret = requiredOutput(stack, StackOutput.credentialSecret);
  await storeSecret(secret, text);
  const checks = stackJobs(stack).some(({ job }) => job === "check-access") && !options.unchecked;
  for (const line of json ? [JSON.stringify({ stored: true, secret })] : storedLines(file)) print(shell, line);
  if (checks) return (await import("./doctor.ts")).doctor({ stack: name, json }, shell);
  if (!json) print(shell, `Check it: npx nightshift doctor --stack ${name}`);
  return exitStatus.whole;
}

async function readCredentialFile(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const { code = "?" } = cause as { readonly code?: string };
    const hint = 'Write it as JSON: { "clientId": "…", "clientSecret": "…", "jwt": "…" }';
    throw new JobError("REQUEST_INVALID", `The file ${file} cannot be read: ${code}`, { cause, hint });
  }
}

async function warnIfOthersMayRead(file: string, { writeError }: Shell): Promise<void> {
  const { mode } = await stat(file);
  // Windows has no such permissions, and shows all of them.
  if (process.platform === "win32" || (mode & othersMode) === 0) return;
  writeError(`Warning: other users of this machine may read ${file}. Run chmod 600 ${file}\n`);
}

/** What to do next. */
function storedLines(file: string): string[] {
  return [
    "The credential is stored. A run at work uses it from its next login on.",
    ...(file === standardInput ? [] : [`Delete the file: rm ${file}`]),
  ];
}
