import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { S3Client } from "@aws-sdk/client-s3";
import { runNightshift } from "../../../cli/run-nightshift.ts";
import type { Shell } from "../../../cli/shell.ts";
import type { SdkHandler } from "../../../lab/aws/sdk-handler.ts";
import type { Aws } from "../../../lab/aws/server.ts";

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export type Environment = Readonly<Record<string, string>>;

export const launcher = join(import.meta.dirname, "../../../cli/nightshift.mjs");
const credentials = { AWS_ACCESS_KEY_ID: "lab", AWS_SECRET_ACCESS_KEY: "lab" };
/** The commands see nothing else of this machine, such as a login. */
const bare = { AWS_EC2_METADATA_DISABLED: "true", HOME: "/nonexistent" };

/** The lab's AWS of an environment, which the command line then reaches without a socket. */
const inProcess = new WeakMap<Environment, SdkHandler>();

/** The environment in which a user has logged in to the sample's AWS. In this process no request needs a socket. */
export function loggedIn({ aws }: { readonly aws: Pick<Aws, "url" | "requestHandler"> }): Environment {
  const environment = loggedInOverHttp({ aws });
  inProcess.set(environment, aws.requestHandler);
  return environment;
}

/** The environment in which a user has logged in to an AWS of the lab, with every request over HTTP. */
export function loggedInOverHttp({ aws }: { readonly aws: Pick<Aws, "url"> }): Environment {
  return { AWS_ENDPOINT_URL: aws.url, AWS_REGION: "us-east-1", ...credentials };
}

/** Starts the command line as a process. The caller reads its output. */
export function startNightshift(args: readonly string[], environment: Environment) {
  return spawn(process.execPath, [launcher, ...args], {
    env: { ...bare, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs the command line as a process. */
export async function nightshiftProcess(args: readonly string[], environment: Environment): Promise<Ended> {
  const child = startNightshift(args, environment);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { status: child.exitCode, out, err };
}

/** Runs one command after the other, because each has the environment of this process. */
let last: Promise<unknown> = Promise.resolve();

/** Runs the command line in this process, which is faster. */
export function nightshift(
  args: readonly string[],
  environment: Environment,
  shell: Partial<Shell> = {},
): Promise<Ended> {
  const run = () => withoutSockets(inProcess.get(environment), () => collect(args, shell));
  const ended = last.then(() => inEnvironment({ ...bare, ...environment }, run));
  last = ended.catch(() => {});
  return ended;
}

async function collect(args: readonly string[], shell: Partial<Shell>): Promise<Ended> {
  let [out, err] = ["", ""];
  const status = await runNightshift(args, {
    write: (text) => {
      out += text;
    },
    writeError: (text) => {
      err += text;
    },
    isTerminal: false,
    interrupted: new AbortController().signal,
    readInput: async () => "",
    pause: async () => {},
    deferInterrupt: (work) => work(),
    ...shell,
  });
  return { status, out, err };
}

/** What the clients of the SDK send their requests with, unless they are given another. */
const httpHandler = Object.getPrototypeOf(new S3Client({ region: "us-east-1" }).config.requestHandler) as SdkHandler;

/**
 * The SDK repeats every request that fails at a server with another clock, as the sample's is, unless the response has an age: it
 * then takes no time from it.
 */
function outOfCache({ handle }: SdkHandler): SdkHandler["handle"] {
  return async (request, options) => {
    const { response } = await handle(request, options);
    return { response: { ...response, headers: { age: "0", ...response.headers } } };
  };
}

/** Has the clients of the SDK send their requests to `handler` while `work` lasts. */
async function withoutSockets<T>(handler: SdkHandler | undefined, work: () => Promise<T>): Promise<T> {
  const { handle } = httpHandler;
  try {
    if (handler) Object.assign(httpHandler, { handle: outOfCache(handler) });
    return await work();
  } finally {
    Object.assign(httpHandler, { handle });
  }
}

async function inEnvironment<T>(environment: Environment, work: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  const isSeen = (name: string) => name.startsWith("AWS_") || /_proxy$/i.test(name);
  for (const name of Object.keys(before).filter(isSeen)) delete process.env[name];
  Object.assign(process.env, environment);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(environment)) delete process.env[name];
    Object.assign(process.env, before);
  }
}
