import { randomUUID } from "node:crypto";
import { type CryptoKey, type GenerateKeyPairResult, generateKeyPair, SignJWT } from "jose";
import { createRandom, randomText, seedOf } from "./random.ts";

/** Credential of an app and its service user. */
export interface Credential {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly jwt: string;
  readonly server: string;
}

export interface IssuedCredential {
  readonly credential: Credential;
  readonly publicKey: CryptoKey;
}

export interface IssueCredentialOptions {
  readonly server: string;
  readonly userId: string;
  readonly seed: number;
  readonly issuedAt: Date;
  readonly clientSecret?: string;
  readonly jwtExpiresAt?: Date;
}

/** One key for all labs of a process, because generating it is slow. Issuer and audience still differ for each lab. */
let signingKey: Promise<GenerateKeyPairResult> | undefined;

/** Signs a JWT credential as the developer console would; one that "never" expires does so in 2093. */
export async function issueCredential(options: IssueCredentialOptions): Promise<IssuedCredential> {
  const { server, userId, seed, issuedAt, jwtExpiresAt = new Date("2093-11-17T18:07:07Z") } = options;
  const random = createRandom(seedOf(seed, "credential"));
  const clientId = randomText(random, 22);
  const clientSecret = options.clientSecret ?? randomText(random, 44);
  signingKey ??= generateKeyPair("RS256", { extractable: true });
  const { publicKey, privateKey } = await signingKey;
  const kid = randomText(random, 32, "0123456789abcdef");
  const jwt = await new SignJWT()
    .setProtectedHeader({ kid, typ: "JWT", alg: "RS256" })
    .setIssuer(server)
    .setSubject(userId)
    .setAudience(audienceOf(server))
    .setIssuedAt(issuedAt)
    .setExpirationTime(jwtExpiresAt)
    .setJti(randomUUID())
    .sign(privateKey);
  return { credential: { clientId, clientSecret, jwt, server }, publicKey };
}

export function audienceOf(server: string): string {
  return `${server}/restapi/oauth/token`;
}
