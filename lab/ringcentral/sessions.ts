import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { LabClock } from "../clock.ts";
import type { TokenFault } from "./errors.ts";

/** Session of one login; it lives until it is revoked, evicted or expired. */
export interface Session {
  readonly id: string;
  readonly clientId: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly endpointId: string;
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly lifetimeSeconds: number;
  readonly expiresAtMs: number;
}

export type OpenSession = Pick<Session, "clientId" | "userId" | "scopes" | "lifetimeSeconds"> & {
  readonly endpointId?: string;
  readonly refreshable: boolean;
};

export interface Sessions {
  /** Opens a session; the user's sixth for the same app closes the oldest. */
  readonly open: (options: OpenSession) => Session;
  /** Keeps the session and replaces both its tokens. Returns undefined for an unknown refresh token. */
  readonly refresh: (refreshToken: string) => Session | undefined;
  readonly find: (accessToken: string) => Session | TokenFault;
  /** Ends the session of an access or refresh token. Returns true if there was one. */
  readonly close: (token: string) => boolean;
  /** Closes all sessions, as if other logins had replaced them. Returns their number. */
  readonly evictAll: () => number;
  readonly count: () => number;
  /** Every access and refresh token minted so far. */
  readonly minted: () => readonly string[];
}

/** RingCentral guide: tokens ("usually five" parallel sessions of a user in an app). */
const parallelSessions = 5;

export interface SessionsOptions {
  readonly clock: LabClock;
  readonly onEviction: () => void;
}

export function createSessions({ clock, onEviction }: SessionsOptions): Sessions {
  const open = new Map<string, Session>();
  const minted: string[] = [];

  const mint = () => {
    const token = mintToken();
    minted.push(token);
    return token;
  };

  const keep = (session: Session): Session => {
    open.set(session.id, session);
    return session;
  };

  const evictBeyondFive = ({ clientId, userId }: Pick<Session, "clientId" | "userId">) => {
    const same = [...open.values()].filter(
      (each) => each.clientId === clientId && each.userId === userId && !isOver(each, clock.now()),
    );
    for (const { id } of same.slice(0, Math.max(0, same.length - parallelSessions))) {
      open.delete(id);
      onEviction();
    }
  };

  return {
    open: ({ refreshable, endpointId = randomUUID(), ...who }) => {
      const expiresAtMs = clock.now() + who.lifetimeSeconds * 1000;
      const tokens = { accessToken: mint(), refreshToken: refreshable ? mint() : undefined };
      forgetExpired(open, clock);
      const session = keep({ id: randomUUID(), ...who, endpointId, expiresAtMs, ...tokens });
      evictBeyondFive(session);
      return session;
    },
    refresh: (refreshToken) => {
      const session = [...open.values()].find((each) => each.refreshToken === refreshToken);
      if (!session) return undefined;
      const expiresAtMs = clock.now() + session.lifetimeSeconds * 1000;
      return keep({ ...session, expiresAtMs, accessToken: mint(), refreshToken: mint() });
    },
    find: (accessToken) => {
      if (!isWellFormed(accessToken)) return "corrupted";
      const session = [...open.values()].find((each) => each.accessToken === accessToken);
      if (!session) return "unknown";
      return session.expiresAtMs <= clock.now() ? "expired" : session;
    },
    close: (token) => {
      const session = [...open.values()].find((each) => each.accessToken === token || each.refreshToken === token);
      return session !== undefined && open.delete(session.id);
    },
    evictAll: () => {
      const { size } = open;
      open.clear();
      return size;
    },
    count: () => open.size,
    minted: () => minted,
  };
}

/** True if it can no longer be renewed. */
// Guess: it no longer counts as parallel.
function isOver({ expiresAtMs, refreshToken }: Session, nowMs: number): boolean {
  return refreshToken === undefined && expiresAtMs <= nowMs;
}

/** Keeps an ended session for an hour, so that its token is called expired and not unknown. */
function forgetExpired(open: Map<string, Session>, clock: LabClock): void {
  const hourAgo = clock.now() - 60 * 60 * 1000;
  for (const session of open.values()) {
    if (isOver(session, hourAgo)) open.delete(session.id);
  }
}

const checksum = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 8);

function mintToken(): string {
  const text = `U1BD${randomBytes(30).toString("base64url")}`;
  return `${text}${checksum(text)}`;
}

/** True for a token of any lab: a changed one is corrupted, and another lab's is unknown. */
function isWellFormed(token: string): boolean {
  return token.startsWith("U1BD") && checksum(token.slice(0, -8)) === token.slice(-8);
}
