import { constants, createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { GetPublicKeyCommand, type KMSClient, SignCommand, type SignCommandInput } from "@aws-sdk/client-kms";
import { describe, expect, test } from "vitest";
import { createClock } from "../clock.ts";
import { keyArn } from "./signing-keys.ts";
import { enterLab, kmsClient, labCredentials, outcomeOf } from "./trial/lab-under-test.ts";

const KeyId = keyArn("proofs");
const message = Buffer.from("the manifest of a night");
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();

async function enter() {
  const aws = await enterLab({ signingKeys: ["proofs", "others"] });
  const client = kmsClient(aws, { maxAttempts: 1 });
  const sign = (more: Partial<SignCommandInput> = {}) =>
    client.send(new SignCommand({ KeyId, Message: message, SigningAlgorithm: "RSASSA_PSS_SHA_256", ...more }));
  return { aws, client, sign };
}

async function publicKeyOf(client: KMSClient, id = KeyId): Promise<KeyObject> {
  const { PublicKey = new Uint8Array() } = await client.send(new GetPublicKeyCommand({ KeyId: id }));
  return createPublicKey({ key: Buffer.from(PublicKey), type: "spki", format: "der" });
}

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
const pkcs1 = { padding: constants.RSA_PKCS1_PADDING };

describe("KMS", () => {
  const refused: readonly [string, Partial<SignCommandInput>, string][] = [
    ["a key that was never made", { KeyId: keyArn("never") }, "NotFoundException"],
    ["an alias that was never made", { KeyId: "alias/never" }, "NotFoundException"],
    ["no key at all", { KeyId: "" }, "ValidationException"],
    ["an empty message", { Message: Buffer.alloc(0) }, "ValidationException"],
    ["a message of 4,097 bytes", { Message: Buffer.alloc(4097) }, "ValidationException"],
    ["a digest of another length", { MessageType: "DIGEST", Message: Buffer.alloc(31) }, "ValidationException"],
    ["a type of message for other keys", { MessageType: "EXTERNAL_MU" }, "ValidationException"],
    ["no algorithm", { SigningAlgorithm: undefined }, "ValidationException"],
    ["an algorithm for other keys", { SigningAlgorithm: "ECDSA_SHA_256" }, "InvalidKeyUsageException"],
  ];

  test.each(refused)("refuses to sign with %s", async (_what, more, name) => {
    const { sign } = await enter();

    await expect(sign(more)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });

  test("says which key it did not find", async () => {
    const { client } = await enter();

    const requested = client.send(new GetPublicKeyCommand({ KeyId: keyArn("never") }));

    await expect(requested).rejects.toMatchObject({
      name: "NotFoundException",
      message: `Key '${keyArn("never")}' does not exist`,
    });
  });

  test.each([
    ["another access key", { ...labCredentials, accessKeyId: "another" }, "UnrecognizedClientException"],
    ["the wrong secret key", { ...labCredentials, secretAccessKey: "wrong" }, "InvalidSignatureException"],
  ])("refuses a request under %s", async (_what, credentials, name) => {
    const { aws } = await enter();
    const client = kmsClient(aws, { credentials, maxAttempts: 1 });

    expect(await outcomeOf(client.send(new GetPublicKeyCommand({ KeyId })))).toBe(name);
  });

  test("refuses a request dated by another clock, which the SDK then repeats by the lab's", async () => {
    const clock = createClock(new Date("2031-03-09T02:00:00Z"));
    const aws = await enterLab({ clock, signingKeys: ["proofs"] });

    const outcome = await outcomeOf(kmsClient(aws).send(new GetPublicKeyCommand({ KeyId })));

    expect(outcome).toBe("accepted");
    expect(aws.counters().refused).toEqual({ "400 InvalidSignatureException": 1 });
  });

  test("refuses a request without a signature", async () => {
    const { aws } = await enter();
    const headers = { "x-amz-target": "TrentService.GetPublicKey" };

    const response = await fetch(aws.url, { method: "POST", body: JSON.stringify({ KeyId }), headers });

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      __type: "MissingAuthenticationTokenException",
      message: expect.any(String),
    });
  });

  test.each([
    ["RSASSA_PSS_SHA_256", pss],
    ["RSASSA_PKCS1_V1_5_SHA_256", pkcs1],
  ] as const)(
    "signs a message or its digest by %s so that the public key verifies it",
    async (SigningAlgorithm, padding) => {
      const { client, sign } = await enter();
      const key = await publicKeyOf(client);

      const raw = await sign({ SigningAlgorithm });
      const digest = await sign({ SigningAlgorithm, MessageType: "DIGEST", Message: sha256(message) });

      for (const { Signature = new Uint8Array(), ...response } of [raw, digest]) {
        expect(response).toMatchObject({ KeyId, SigningAlgorithm });
        expect(verify("sha256", message, { key, ...padding }, Signature)).toBe(true);
        expect(verify("sha256", Buffer.from("another"), { key, ...padding }, Signature)).toBe(false);
      }
    },
  );

  test("signs by the longer hashes", async () => {
    const { client, sign } = await enter();
    const key = await publicKeyOf(client);

    const { Signature: long = new Uint8Array() } = await sign({ SigningAlgorithm: "RSASSA_PSS_SHA_512" });
    const { Signature: older = new Uint8Array() } = await sign({ SigningAlgorithm: "RSASSA_PKCS1_V1_5_SHA_384" });

    expect(verify("sha512", message, { key, ...pss }, long)).toBe(true);
    expect(verify("sha384", message, { key, ...pkcs1 }, older)).toBe(true);
  });

  test("salts a PSS signature, so that no two are equal", async () => {
    const { sign } = await enter();

    const signatures = await Promise.all([sign(), sign()]);

    const [one, other] = signatures.map(({ Signature = [] }) => Buffer.from(Signature).toString("hex"));
    expect(one).not.toBe(other);
  });

  test("takes a message of 4,096 bytes", async () => {
    const { sign } = await enter();

    expect(await outcomeOf(sign({ Message: Buffer.alloc(4096) }))).toBe("accepted");
  });

  test("finds a key by its ARN, its id, its alias and the alias's ARN", async () => {
    const { client } = await enter();
    const ids = [KeyId, "proofs", "alias/proofs", KeyId.replace("key/", "alias/")];

    const found = await Promise.all(ids.map((id) => client.send(new GetPublicKeyCommand({ KeyId: id }))));

    expect(KeyId).toBe("arn:aws:kms:us-east-1:123456789012:key/proofs");
    for (const { KeyId: arn, PublicKey } of found) {
      expect(arn).toBe(KeyId);
      expect(PublicKey).toEqual(found[0]?.PublicKey);
    }
  });

  test("returns what kind a key is", async () => {
    const { client } = await enter();

    const described = await client.send(new GetPublicKeyCommand({ KeyId }));

    expect(described).toMatchObject({ KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" });
    expect(described.SigningAlgorithms).toContain("RSASSA_PSS_SHA_256");
    expect((await publicKeyOf(client)).asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 });
  });

  test("gives each name its own key, the same one in every lab", async () => {
    const { client } = await enter();
    const { client: later } = await enter();
    const pem = async (requested: KMSClient, name: string) =>
      (await publicKeyOf(requested, name)).export({ type: "spki", format: "pem" });

    expect(await pem(client, "proofs")).not.toBe(await pem(client, "others"));
    expect(await pem(client, "proofs")).toBe(await pem(later, "proofs"));
  });

  test("follows planned faults and notifies the observer, by the key as the request names it", async () => {
    const { aws, sign } = await enter();
    const seen: unknown[] = [];
    aws.setObserver((call) => void seen.push(call));
    aws.plan({ on: { operation: "Sign", key: "alias/proofs" }, what: { status: 400, code: "DisabledException" } });

    const outcomes = [await outcomeOf(sign()), await outcomeOf(sign({ KeyId: "alias/proofs" }))];

    expect(outcomes).toEqual(["accepted", "DisabledException"]);
    expect(seen).toEqual([
      { operation: "Sign", key: KeyId },
      { operation: "Sign", key: "alias/proofs" },
    ]);
    expect(aws.counters().requests).toEqual({ Sign: 2 });
  });
});
