import { SecretText } from "../../../shared/core/secret-text.ts";
import type { Credential } from "../../../shared/ringcentral/auth/credential.ts";

/** A credential that no parser has seen; `name` tells rotated ones apart. */
export function credentialOf(name: string): Credential {
  return {
    server: "https://platform.example.com",
    clientId: "app",
    clientSecret: new SecretText("client secret"),
    jwt: new SecretText(`header.${name}.signature`),
  };
}

/** A JWT as RingCentral's Developer Console gives them out, signed by nobody. */
export function jwtWith(claims: object): string {
  const part = (value: object | string) =>
    Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
  return [{ alg: "RS256" }, claims, "signature"].map(part).join(".");
}
