import { hkdfSync } from "node:crypto";
import { compactDecrypt } from "jose";
import { describe, expect, test } from "vitest";
import { SecretText } from "../../../shared/core/secret-text.ts";
import { createTokenSeal } from "../../../shared/ringcentral/auth/token-seal.ts";

const server = "https://platform.ringcentral.com";
const [clientSecret, jwt] = ["the-client-secret", "the.signed.jwt"];
const credential = {
  server,
  clientId: "the-client-id",
  clientSecret: new SecretText(clientSecret),
  jwt: new SecretText(jwt),
};

/** Derives the key that seals tokens, as documented in the seal. */
const key = Buffer.from(
  hkdfSync(
    "sha256",
    JSON.stringify([clientSecret, jwt]),
    JSON.stringify([server, "the-client-id"]),
    "nightshift access token",
    32,
  ),
);

describe("a sealed token", () => {
  test("opens only with the key that is derived for sealing and for this credential", async () => {
    const { seal, open } = createTokenSeal(credential);
    const sealed = await seal("the-access-token");

    const { plaintext } = await compactDecrypt(sealed, key);
    expect(Buffer.from(plaintext).toString()).toBe("the-access-token");
    expect(await open(sealed)).toBe("the-access-token");
    expect(await createTokenSeal({ ...credential, jwt: new SecretText("another") }).open(sealed)).toBeUndefined();
  });

  test("is stored beside a fingerprint that contains no part of its key", () => {
    const { fingerprint } = createTokenSeal(credential);

    expect(fingerprint).toHaveLength(32);
    expect(key.toString("hex")).not.toContain(fingerprint.slice(0, 8));
  });
});
