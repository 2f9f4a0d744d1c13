import type { HeldToken } from "./held-token.ts";

/** What a container knows of tokens: the one it holds, and those that RingCentral has rejected, which never serve again. */
export interface TokenMemory {
  /** The token that is held, unless it has expired. */
  readonly held: () => HeldToken | undefined;
  readonly hold: (token: HeldToken) => void;
  readonly reject: (token: string) => void;
  readonly isRejected: (token: string) => boolean;
  /** Holds nothing any more; what was held may serve elsewhere. */
  readonly forget: () => void;
}

export function createTokenMemory(now: () => Date): TokenMemory {
  const rejected = new Set<string>();
  let held: HeldToken | undefined;
  return {
    held: () => (held && now() < held.expiresAt ? held : undefined),
    hold: (token) => {
      held = token;
    },
    reject: (token) => {
      rejected.add(token);
      if (held?.value === token) held = undefined;
    },
    isRejected: (token) => rejected.has(token),
    forget: () => {
      held = undefined;
    },
  };
}
