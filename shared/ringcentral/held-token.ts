import type { TokenRecord } from "./token-record.ts";
import type { TokenSeal } from "./token-seal.ts";

/** An access token in a container's memory. */
export interface HeldToken {
  readonly value: string;
  readonly expiresAt: Date;
  /** From when on another is looked for; until it expires this one still serves. */
  readonly renewAt: Date;
}

/** After a renewal that failed the record is not looked at again for this long. */
const renewAgainMs = 30_000;

export function heldToken(value: string, token: TokenRecord["token"]): HeldToken {
  return { value, expiresAt: new Date(token?.expiresAt ?? 0), renewAt: new Date(token?.renewAt ?? 0) };
}

/** The record's token, or undefined where it has none or another credential sealed it. */
export async function openToken(record: TokenRecord | undefined, seal: TokenSeal): Promise<HeldToken | undefined> {
  const value = record?.token && (await seal.open(record.token.sealed));
  return value ? heldToken(value, record.token) : undefined;
}

/** A living token that serves on although it is due, never beyond its end. */
export function renewedLater(held: HeldToken, now: Date): HeldToken {
  return { ...held, renewAt: new Date(Math.min(now.getTime() + renewAgainMs, held.expiresAt.getTime())) };
}
