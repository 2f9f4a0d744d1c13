import { type AccessLine, okLine } from "../../core/access/access-line.ts";
import { serverLine } from "../../core/access/connection-lines.ts";
import { jwtLine } from "../../core/access/credential-lines.ts";
import { failureLine } from "../../core/access/failure-line.ts";
import { scopesLine } from "../../core/access/permission-lines.ts";
import { Pause } from "../../core/async/pause.ts";
import { JobError } from "../../errors.ts";
import type { AccessServices, CredentialFacts } from "./services.ts";
import { failureOf } from "./try-check.ts";

/** Lines about credential, server and login. */
export interface Connected {
  readonly lines: readonly AccessLine[];
  readonly expiresAt: Date | undefined;
  /** Scopes of the token; undefined without one: then no API request can succeed. */
  readonly scopes: readonly string[] | undefined;
}

/** The engine waits longer each time. */
const unavailablePauseMs = 5_000;

/**
 * Checks the credential, reaches RingCentral and gets the token that all jobs share: it logs in only where none lives.
 * @throws Pause in a scheduled run while RingCentral cannot be reached or no login is possible: waiting is free
 */
export async function connect(services: AccessServices): Promise<Connected> {
  const { readCredential, now } = services;
  const credential = await readCredential().catch((error: unknown) => failureLine("credential", failureOf(error)));
  if ("check" in credential) return { lines: [credential], expiresAt: undefined, scopes: undefined };
  const { expiresAt } = credential;
  const lines = [okLine("credential", "the secret is well-formed"), jwtLine(credential, now())];
  const { line, isReached } = await reach(services, credential);
  if (!isReached) return { lines: [...lines, line], expiresAt, scopes: undefined };
  const login = await logIn(services);
  return { lines: [...lines, line, ...login.lines], expiresAt, scopes: login.scopes };
}

async function reach({ probeServer, now, run }: AccessServices, { server }: CredentialFacts) {
  const probe = await probeServer(server);
  const line = serverLine(server, probe);
  if (probe.type === "reached") return { line, isReached: true };
  if (run.manual) return { line, isReached: false };
  throw new Pause(new Date(now().getTime() + unavailablePauseMs), "unavailable", { cause: unreachable(line) });
}

function unreachable({ seen, todo }: AccessLine): JobError {
  return new JobError("API_UNAVAILABLE", `RingCentral: ${seen}`, { hint: todo ?? "", retryable: true });
}

async function logIn({ broker, neededScopes, run }: AccessServices) {
  try {
    await broker.token();
  } catch (error) {
    if (error instanceof Pause && !run.manual) throw error;
    return { lines: [failureLine("login", failureOf(error))], scopes: undefined };
  }
  const scopes = broker.scope().split(" ");
  return {
    lines: [okLine("login", "RingCentral accepts the credential"), scopesLine(neededScopes, scopes)],
    scopes,
  };
}
