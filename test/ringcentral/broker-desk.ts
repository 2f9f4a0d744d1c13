import { Pause } from "../../shared/core/pause.ts";
import { JobError } from "../../shared/errors.ts";
import type { Credential } from "../../shared/ringcentral/credential.ts";
import { createTokenBroker, type TokenBroker } from "../../shared/ringcentral/token-broker.ts";
import type { ExchangeOutcome } from "../../shared/ringcentral/token-exchange.ts";
import type { TokenRecord } from "../../shared/ringcentral/token-record.ts";
import { createTokenSeal } from "../../shared/ringcentral/token-seal.ts";
import { credentialOf } from "./credentials.ts";
import { createMemoryRecord, type MemoryRecord } from "./memory-record.ts";

export const start = Date.parse("2026-11-04T08:30:00Z");

export interface BrokerOptions {
  readonly personAsks?: boolean;
}

/** Everything around a token broker: the shared record, time, the secret, and a token endpoint that answers by script. */
export interface Desk {
  readonly record: MemoryRecord;
  readonly now: () => number;
  readonly advance: (ms: number) => void;
  /** Happens whenever a broker waits a moment. */
  readonly whileWaiting: (happening: () => void) => void;
  /** Happens while an exchange is under way. */
  readonly whileExchanging: (happening: () => void) => void;
  readonly broker: (options?: BrokerOptions) => TokenBroker;
  /** How the next exchanges end; those after them give T1, T2, T3 … for an hour. */
  readonly script: (...outcomes: readonly ExchangeOutcome[]) => void;
  /** When exchanges took place, and with which credential's JWT. */
  readonly exchanges: { readonly at: number; readonly jwt: string }[];
  readonly revoked: string[];
  readonly putSecret: (credential: Credential) => void;
}

export function openDesk(record: MemoryRecord = createMemoryRecord()): Desk {
  let time = start;
  let secret = credentialOf("first");
  let happening = () => {};
  let exchanging = () => {};
  let scripted: readonly ExchangeOutcome[] = [];
  let nonces = 0;
  const exchanges: Desk["exchanges"] = [];
  const revoked: string[] = [];
  const advance = (ms: number) => {
    time += ms;
  };
  return {
    record,
    exchanges,
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
    putSecret: (next) => {
      secret = next;
    },
    broker: ({ personAsks = false } = {}) =>
      createTokenBroker({
        readCredential: async () => secret,
        records: () => record,
        exchange: async (credential) => {
          exchanges.push({ at: time, jwt: credential.jwt.reveal() });
          exchanging();
          const [outcome, ...rest] = scripted;
          scripted = rest;
          return outcome ?? { is: "token", token: { value: `T${exchanges.length}`, expiresInMs: 3_600_000 } };
        },
        revoke: async (_credential, token) => revoked.push(token) > 0,
        scopes: ["ReadCallLog"],
        now: () => new Date(time),
        sleep: async (ms) => {
          advance(ms);
          happening();
        },
        nonce: () => `nonce ${++nonces}`,
        personAsks: () => personAsks,
        onExchange: () => {},
      }),
  };
}

/** What an actor gets, as one text: `T1`, `pauses until +15 s`, `REFUSED OAU-213`. */
export async function outcomeOf(broker: TokenBroker): Promise<string> {
  try {
    return await broker.token();
  } catch (error) {
    if (error instanceof Pause) return `pauses until ${inSeconds(error.until.getTime())}`;
    if (error instanceof JobError) return `${error.code} ${error.details.errorCode ?? ""}`.trim();
    throw error;
  }
}

/** An instant as seconds after the start. */
function inSeconds(at: number): string {
  return `+${Math.round((at - start) / 1000)} s`;
}

export function at(offsetSeconds: number): string {
  return new Date(start + offsetSeconds * 1000).toISOString();
}

export interface RecordPlan {
  readonly state?: TokenRecord["state"];
  readonly token?: { readonly value: string; readonly expiresIn: number; readonly renewIn: number };
  readonly exchanges?: readonly string[];
  /** Whose credential made it. @default the one in the secret */
  readonly by?: Credential;
}

/** A stored record; times are seconds after the start. */
export async function recordOf({ state, token, exchanges = [], by }: RecordPlan): Promise<TokenRecord> {
  const seal = createTokenSeal(by ?? credentialOf("first"));
  return {
    nonce: "somebody's",
    credential: seal.fingerprint,
    exchanges: [...exchanges],
    ...(token && {
      token: { sealed: await seal.seal(token.value), expiresAt: at(token.expiresIn), renewAt: at(token.renewIn) },
    }),
    state: state ?? { is: "fresh" },
  };
}
