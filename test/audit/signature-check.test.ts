import { generateKeyPairSync } from "node:crypto";
import { FlattenedSign } from "jose";
import { describe, expect, test } from "vitest";
import { createSignatureCheck } from "../../shared/audit/signature-check.ts";
import type { StoredEntry } from "../../shared/storage/ledger-file.ts";
import { pemOf } from "../support/audit/public-key.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const check = createSignatureCheck(pemOf(publicKey));
const signedText = JSON.stringify({ number: 1, manifests: [] });

async function jws(alg: string) {
  return new FlattenedSign(Buffer.from(signedText)).setProtectedHeader({ alg, kid: "key" }).sign(privateKey);
}

function entryWith(signature: string): StoredEntry {
  return { key: "ledger/1.json", entry: { signature }, signedText } as unknown as StoredEntry;
}

describe("a signature by the right key over the right text", () => {
  test("is accepted as a detached JWS by PS256", async () => {
    const { protected: header, signature } = await jws("PS256");

    expect(await check(entryWith(`${header}..${signature}`))).toBeUndefined();
  });

  test.each(["RS256", "PS384", "PS512"])("is refused by another algorithm, %s", async (alg) => {
    const { protected: header, signature } = await jws(alg);

    expect(await check(entryWith(`${header}..${signature}`))).toMatchObject({ code: "ledger-signature-invalid" });
  });

  test("is refused if its payload is attached, even the right one, because an auditor must check the entry itself", async () => {
    const { protected: header, payload, signature } = await jws("PS256");

    expect(await check(entryWith(`${header}.${payload}.${signature}`))).toMatchObject({
      code: "ledger-signature-invalid",
    });
    expect(await check(entryWith(`${header}..${signature}.more`))).toMatchObject({ code: "ledger-signature-invalid" });
  });
});
