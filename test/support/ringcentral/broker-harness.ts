import { Pause } from "../../../shared/core/async/pause.ts";
import { JobError } from "../../../shared/errors.ts";
import type { Credential } from "../../../shared/ringcentral/auth/credential.ts";
import { createTokenBroker, type TokenBroker } from "../../../shared/ringcentral/auth/token-broker.ts";
import type { ExchangeOutcome } from "../../../shared/ringcentral/auth/token-exchange.ts";
import type { ScopeRecord, TokenRecord } from "../../../shared/ringcentral/auth/token-record.ts";
import { createTokenSeal } from "../../../shared/ringcentral/auth/token-seal.ts";
import { credentialOf } from "./credentials.ts";
import { createMemoryRecord, type MemoryRecord } from "./memory-record.ts";

export const start = Date.parse("2026-11-04T08:30:00Z");

export const defaultScope = "ReadCallLog";

export interface BrokerOptions {
  readonly isManual?: boolean;
  /** Requested scope. @default `usualScope` */
  readonly scope?: string;
}

/** Environment of a token broker: the shared record, time, the secret, and a token endpoint with scripted responses. */
export interface BrokerHarness {
  readonly record: MemoryRecord;
  readonly now: () => number;
  readonly advance: (ms: number) => void;
  /** Runs whenever a broker waits a moment. */
  readonly whileWaiting: (happening: () => void) => void;
  /** Runs during an exchange. */
  readonly whileExchanging: (happening: () => void) => void;
  readonly broker: (options?: BrokerOptions) => TokenBroker;
  /** Sets the results of the next exchanges; later ones give T1, T2, T3 … for an hour. */
  readonly script: (...outcomes: readonly ExchangeOutcome[]) => void;
  /** Removes this scope from the app: an exchange that requests it is refused with `invalid_scope`. */
  readonly lack: (scope: string) => void;
  /** Time, scope and JWT of each exchange. */
  readonly exchanges: { readonly at: number; readonly scope: string; readonly jwt: string }[];
  /** Maximum number of simultaneous exchanges. */
  readonly maxConcurrency: () => number;
  /** Names under which the record was opened. */
  readonly recordNames: ReadonlySet<string>;
  readonly revoked: string[];
  readonly putSecret: (credential: Credential) => void;
}

/** Opens the harness; `pause` runs while an exchange does. */
export function openBrokerHarness(record: MemoryRecord = createMemoryRecord(), pause = async () => {}): BrokerHarness {
  let time = start;
  let secret = credentialOf("first");
  let happening = () => {};
  let exchanging = () => {};
  let scripted: readonly ExchangeOutcome[] = [];
  let nonces = 0;
  let lacking: string | undefined;
  let underWay = 0;
  let maxConcurrency = 0;
  const exchanges: BrokerHarness["exchanges"] = [];
  const recordNames = new Set<string>();
  const revoked: string[] = [];
  const advance = (ms: number) => {
    time += ms;
  };
  return {
    record,
    exchanges,
    recordNames,
    revoked,
    now: () => time,
    advance,
    whileWaiting: (next) => {
      happening = next;
    },
    whileExchanging: (next) => {
      exchanging = next;
    },
    script: (...outcomes) => {
      scripted = outcomes;
    },
    lack: (next) => {
      lacking = next;
    },
    maxConcurrency: () => maxConcurrency,
    putSecret: (next) => {
      secret = next;
    },
    broker: ({ isManual = false, scope = defaultScope } = {}) =>
      createTokenBroker({
        readCredential: async () => secret,
        records: (name) => {
          recordNames.add(name);
          return record;
        },
        exchange: async (credential) => {
          const count = exchanges.push({ at: time, scope, jwt: credential.jwt.reveal() });
          maxConcurrency = Math.max(maxConcurrency, ++underWay);
          exchanging();
          const [outcome, ...rest] = scripted;
          scripted = rest;
          await pause();
          underWay--;
          if (lacking && scope.split(" ").includes(lacking)) return { type: "refused", code: "invalid_scope" };
          return outcome ?? { type: "token", token: { value: `T${count}`, expiresInMs: 3_600_000 } };
        },
        revoke: async (_credential, token) => revoked.push(token) > 0,
        scope,
        now: () => new Date(time),
        sleep: async (ms) => {
          advance(ms);
          happening();
        },
        nonce: () => `nonce ${++nonces}`,
        isManual: () => isManual,
        onExchange: () => {},
      }),
  };
}

/** Lets time pass before another attempt: as soon as one may count, and later less often, because all of an hour are used up. */
export function passUntilNext({ now, advance }: BrokerHarness): void {
  advance(now() < start + 300_000 ? 6_000 : 60_000);
}

/** Returns the maximum number of exchanges that began within any minute, and within any hour. */
export function maxExchanges({ exchanges }: BrokerHarness): { readonly minute: number; readonly hour: number } {
  const most = (withinMs: number) =>
    Math.max(
      0,
      ...exchanges.map(({ at }) => exchanges.filter((other) => at <= other.at && other.at < at + withinMs).length),
    );
  return { minute: most(60_000), hour: most(3_600_000) };
}

/** Returns an actor's result as one text: `T1`, `pauses until +15 s`, `REFUSED OAU-213`. */
export async function outcomeOf(broker: TokenBroker): Promise<string> {
  try {
    return await broker.token();
  } catch (error) {
    if (error instanceof Pause) return `pauses until ${inSeconds(error.until.getTime())}`;
    if (error instanceof JobError) return `${error.code} ${error.details.errorCode ?? ""}`.trim();
    throw error;
  }
}

/** Returns an instant in seconds after the start. */
function inSeconds(at: number): string {
  return `+${Math.round((at - start) / 1000)} s`;
}

export function at(offsetSeconds: number): string {
  return new Date(start + offsetSeconds * 1000).toISOString();
}

export interface RecordPlan {
  readonly state?: TokenRecord["state"];
  readonly refusal?: ScopeRecord["refusal"];
  readonly token?: { readonly value: string; readonly expiresIn: number; readonly renewIn: number };
  readonly exchanges?: readonly string[];
  /** Credential that made it. @default the one in the secret */
  readonly by?: Credential;
  /** Scope of its token and its refusal. @default `usualScope` */
  readonly scope?: string;
}

/** Creates a stored record; times are seconds after the start. */
export async function recordOf(plan: RecordPlan): Promise<TokenRecord> {
  const { state, refusal, token, exchanges = [], by, scope = defaultScope } = plan;
  const seal = createTokenSeal(by ?? credentialOf("first"));
  const sealed = token && {
    token: { sealed: await seal.seal(token.value), expiresAt: at(token.expiresIn), renewAt: at(token.renewIn) },
  };
  return {
    nonce: "somebody's",
    credential: seal.fingerprint,
    exchanges: [...exchanges],
    scopes: refusal || sealed ? { [scope]: { ...sealed, ...(refusal && { refusal }) } } : {},
    state: state ?? { type: "idle" },
  };
}
