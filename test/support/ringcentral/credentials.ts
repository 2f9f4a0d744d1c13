import { SecretText } from "../../../shared/core/secret-text.ts";
import type { Credential } from "../../../shared/ringcentral/auth/credential.ts";

/** Creates an unparsed credential; `name` distinguishes rotated ones. */
export function credentialOf(name: string): Credential {
  return {
    server: "https://platform.example.com",
    clientId: "app",
    clientSecret: new SecretText("client secret"),
    jwt: new SecretText(`header.${name}.signature`),
  };
}

/** Creates a JWT in the form of RingCentral's Developer Console, without a valid signature. */
export function jwtWith(claims: object): string {
  const part = (value: object | string) =>
    Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
  return [{ alg: "RS256" }, claims, "signature"].map(part).join(".");
}
