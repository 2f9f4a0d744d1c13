import { decodeJwt } from "jose";
import * as z from "zod/mini";
import { fieldErrorText } from "../../core/field-errors.ts";
import { SecretText } from "../../core/secret-text.ts";
import { JobError } from "../../errors.ts";
import { isLoopback } from "../http/allowed-hosts.ts";

/** What the service user logs in with: the app's client credentials and the JWT made in RingCentral's Developer Console. */
export interface Credential {
  /** Origin of the API, no path: `https://platform.ringcentral.com`. */
  readonly server: string;
  readonly clientId: string;
  readonly clientSecret: SecretText;
  readonly jwt: SecretText;
}

const defaultServer = "https://platform.ringcentral.com";

const text = z.string().check(z.trim(), z.minLength(1, "is empty"));
// The Developer Console's download holds an object of name → token.
const Jwt = z.union([z.string(), z.record(z.string(), z.string())], "expected the token, or an object of name → token");
const Server = z._default(z.string(), defaultServer);
const Shape = z.object({ clientId: text, clientSecret: text, jwt: Jwt, server: Server });

/**
 * Reads the secret's JSON `{ clientId, clientSecret, jwt, server? }`.
 * @throws JobError CREDENTIAL_INVALID, naming every wrong field and quoting none
 */
export function parseCredential(secret: string, now: Date): Credential {
  const fields = parseJson(secret);
  const parsed = Shape.safeParse(fields);
  // Each is judged by itself, so that one answer names every mistake.
  const server = Server.safeParse(fields.server);
  const jwt = Jwt.safeParse(fields.jwt);
  const origin = server.success ? originOf(server.data) : undefined;
  const tokens = jwt.success
    ? [jwt.data].flatMap((given) => (typeof given === "string" ? given : Object.values(given)))
    : [];
  const wrong = [
    ...(parsed.success ? [] : [fieldErrorText(parsed.error.issues)]),
    ...(server.success && !origin
      ? ["server: expected an https URL (plain http only on loopback), without a path"]
      : []),
    ...(jwt.success && tokens.length !== 1 ? [`jwt: holds ${tokens.length} tokens, keep one`] : []),
    ...(tokens.length === 1 ? jwtComplaints(tokens.join(), origin, now) : []),
  ];
  if (!parsed.success || !origin || wrong.length > 0) throw invalid(wrong.join("; "));
  const { clientId, clientSecret } = parsed.data;
  return { server: origin, clientId, clientSecret: new SecretText(clientSecret), jwt: new SecretText(tokens.join()) };
}

/** The server's origin, or undefined where it is no address that a credential may be sent to. */
function originOf(server: string): string | undefined {
  if (!URL.canParse(server)) return undefined;
  const url = new URL(server);
  if (url.pathname !== "/" || url.search || url.hash || url.username || url.password) return undefined;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)) ? url.origin : undefined;
}

/** RingCentral signs the JWT and documents no claim of it, so it is read only to warn: a claim that is missing is no fault. */
function jwtComplaints(jwt: string, server: string | undefined, now: Date): string[] {
  if (/\s/.test(jwt)) return ["jwt: carries white space or a line break, copy it again in one piece"];
  if (jwt.split(".").length !== 3) return ["jwt: does not have three parts, copy the whole token"];
  const { exp, aud } = claimsOf(jwt);
  const audiences = [aud].flat().filter((url) => typeof url === "string" && URL.canParse(url));
  const elsewhere = server && audiences.length > 0 && audiences.every((url) => new URL(String(url)).origin !== server);
  return [
    ...(typeof exp === "number" && exp * 1000 <= now.getTime() ? [`jwt: expired${onDay(exp)}, make a new one`] : []),
    ...(elsewhere ? [`jwt: was made for another host than ${server}`] : []),
  ];
}

/** Whole days until the JWT expires; undefined where it does not say. For a warning only: RingCentral documents no claim. */
export function daysUntilExpiry({ jwt }: Pick<Credential, "jwt">, now: Date): number | undefined {
  const { exp } = claimsOf(jwt.reveal());
  if (typeof exp !== "number") return undefined;
  return Math.max(0, Math.floor((exp * 1000 - now.getTime()) / 86_400_000));
}

/** The day is left out where it lies before all calendars. */
function onDay(exp: number): string {
  const day = new Date(exp * 1000);
  return Number.isNaN(day.getTime()) ? "" : ` on ${day.toISOString()}`;
}

function claimsOf(jwt: string): { readonly exp?: unknown; readonly aud?: unknown } {
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

function invalid(wrong: string): JobError {
  return new JobError("CREDENTIAL_INVALID", `The credential cannot be used: ${wrong}`, {
    hint: 'Store it again as JSON: { "clientId": "…", "clientSecret": "…", "jwt": "…" }.',
  });
}
