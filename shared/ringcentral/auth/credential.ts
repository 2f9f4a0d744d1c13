import { decodeJwt } from "jose";
import * as z from "zod/mini";
import type { JwtDates } from "../../core/access/credential-lines.ts";
import { fieldErrorText } from "../../core/field-errors.ts";
import { didYouMean } from "../../core/nearest-name.ts";
import { SecretText } from "../../core/secret-text.ts";
import { JobError } from "../../errors.ts";
import { isLoopback } from "../http/allowed-hosts.ts";

/** Login of the service user: the app's client credentials and the JWT created in RingCentral's Developer Console. */
export interface Credential {
  /** Origin of the API, no path: `https://platform.ringcentral.com`. */
  readonly server: string;
  readonly clientId: string;
  readonly clientSecret: SecretText;
  readonly jwt: SecretText;
}

const defaultServer = "https://platform.ringcentral.com";

const text = z.string().check(z.trim(), z.minLength(1, "is empty"));
// The Developer Console's download is an object of name → token.
const Jwt = z.union([z.string(), z.record(z.string(), z.string())], "expected the token, or an object of name → token");
const Server = z._default(z.string(), defaultServer);
const Shape = z.object({ clientId: text, clientSecret: text, jwt: Jwt, server: Server });

/**
 * Parses the secret's JSON `{ clientId, clientSecret, jwt, server? }`.
 * @throws CREDENTIAL_INVALID when a field is invalid; the message names all such fields and quotes none
 */
export function parseCredential(secret: string, now: Date): Credential {
  const fields = parseJson(secret);
  const parsed = Shape.safeParse(fields);
  // Each is checked separately, so that one error lists every invalid field.
  const server = Server.safeParse(fields.server);
  const jwt = Jwt.safeParse(fields.jwt);
  const origin = server.success ? originOf(server.data) : undefined;
  const tokens = jwt.success
    ? [jwt.data].flatMap((given) => (typeof given === "string" ? given : Object.values(given)))
    : [];
  const errors = [
    ...misspelt(fields),
    ...(parsed.success ? [] : [fieldErrorText(parsed.error.issues)]),
    ...(server.success && !origin
      ? ["server: expected an https URL (plain http only on loopback), without a path"]
      : []),
    ...(jwt.success && tokens.length !== 1 ? [`jwt: has ${tokens.length} tokens, keep one`] : []),
    ...(tokens.length === 1 ? jwtErrors(tokens.join(), origin, now) : []),
  ];
  if (!parsed.success || !origin || errors.length > 0) throw invalid(errors.join("; "));
  const { clientId, clientSecret } = parsed.data;
  return { server: origin, clientId, clientSecret: new SecretText(clientSecret), jwt: new SecretText(tokens.join()) };
}

/** A misspelt field would be left out without a word; fields of other names belong to the Developer Console's download. */
function misspelt(fields: object): string[] {
  const missing = Object.keys(Shape.shape).filter((name) => !Object.hasOwn(fields, name));
  const unknown = Object.keys(fields).filter((name) => !Object.hasOwn(Shape.shape, name));
  return unknown.flatMap((name) => {
    const meant = didYouMean(name, missing);
    return meant ? [`${name}: is not a known field${meant}`] : [];
  });
}

/** Returns the server's origin. Undefined for a URL that a credential must not be sent to. */
function originOf(server: string): string | undefined {
  if (!URL.canParse(server)) return undefined;
  const url = new URL(server);
  if (url.pathname !== "/" || url.search || url.hash || url.username || url.password) return undefined;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)) ? url.origin : undefined;
}

/** Returns what is visibly wrong with a JWT. RingCentral documents no claim, so that a missing claim is no error. */
function jwtErrors(jwt: string, server: string | undefined, now: Date): string[] {
  if (/\s/.test(jwt)) return ["jwt: contains white space or a line break, copy it again in one piece"];
  if (jwt.split(".").length !== 3) return ["jwt: does not have three parts, copy the whole token"];
  const { exp, aud } = claimsOf(jwt);
  const audiences = [aud].flat().filter((url) => typeof url === "string" && URL.canParse(url));
  const isForOtherHost =
    server && audiences.length > 0 && audiences.every((url) => new URL(String(url)).origin !== server);
  return [
    ...(typeof exp === "number" && exp * 1000 <= now.getTime() ? [`jwt: expired${onDay(exp)}, make a new one`] : []),
    ...(isForOtherHost
      ? [
          `jwt: was made for another host than ${server}; set "server" to that host, such as https://platform.devtest.ringcentral.com`,
        ]
      : []),
  ];
}

/**
 * Returns whole days until the JWT expires, undefined without an `exp` claim. For a warning only: RingCentral documents
 * no claim.
 */
export function daysUntilExpiry({ jwt }: Pick<Credential, "jwt">, now: Date): number | undefined {
  const { exp } = claimsOf(jwt.reveal());
  if (typeof exp !== "number") return undefined;
  return Math.max(0, Math.floor((exp * 1000 - now.getTime()) / 86_400_000));
}

/** Returns when the JWT was issued and expires, as far as its claims say. For a report only, as above. */
export function jwtDates({ jwt }: Pick<Credential, "jwt">): JwtDates {
  const { iat, exp } = claimsOf(jwt.reveal());
  return { issuedAt: instantOf(iat), expiresAt: instantOf(exp) };
}

/** Returns the instant of a claim in epoch seconds; undefined for anything else. */
function instantOf(claim: unknown): Date | undefined {
  const instant = new Date(typeof claim === "number" ? claim * 1000 : Number.NaN);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

/** Returns " on <instant>", or an empty text if `exp` is out of range for a date. */
function onDay(exp: number): string {
  const day = new Date(exp * 1000);
  return Number.isNaN(day.getTime()) ? "" : ` on ${day.toISOString()}`;
}

function claimsOf(jwt: string): { readonly iat?: unknown; readonly exp?: unknown; readonly aud?: unknown } {
  try {
    return decodeJwt(jwt);
  } catch {
    return {};
  }
}

function parseJson(secret: string): Readonly<Record<string, unknown>> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(secret));
  } catch {
    throw invalid("the value is not a JSON object");
  }
}

function invalid(errors: string): JobError {
  return new JobError("CREDENTIAL_INVALID", `The credential is invalid: ${errors}`, {
    hint: 'Store it again as JSON: { "clientId": "…", "clientSecret": "…", "jwt": "…" }.',
  });
}
