import { generateKeyPairSync } from "node:crypto";
import { flattenedVerify } from "jose";
import { describe, expect, test } from "vitest";
import { keyArn } from "../../lab/aws/signing-keys.ts";
import { createSignatureCheck } from "../../shared/audit/signature-check.ts";
import { createSigner } from "../../shared/aws/signer.ts";
import { aggregateKeys } from "../../shared/core/object-keys.ts";
import { type ArchiveLab, account, otherKey, ownKey } from "../support/audit/archive-lab.ts";
import { changeNewest, rewriteAll } from "../support/audit/forgeries.ts";
import { pemOf, publicKey } from "../support/audit/public-key.ts";
import { listed, sampleArchive } from "../support/audit/sample-archive.ts";
import { tamperWith } from "../support/audit/tamper.ts";
import { verifySample } from "../support/audit/verify-sample.ts";

const { shared, open } = sampleArchive({ signed: true });
const entry = (number: number) => aggregateKeys.calls.ledgerEntry(account, number);

/** Verifies the sample with the signatures, and returns only the ledger's findings. */
async function verifySigned(lab: ArchiveLab, signedFrom?: number, name: string = ownKey) {
  const checkSignature = createSignatureCheck(pemOf(await publicKey(lab, name)));
  return verifySample(lab, { checkSignature, signedFrom });
}

describe("a ledger that KMS signs", () => {
  test("verifies without findings, with the public key that KMS returns", async () => {
    const { findingLines, verification } = await verifySigned(shared());

    expect(findingLines).toEqual([]);
    expect(verification.signedUpTo).toBe(3);
  });

  test("has signatures that any JOSE library can read: a detached JWS by PS256 that names the key", async () => {
    const lab = shared();
    const { signature = "", ...rest } = await tamperWith(lab).entry(2);
    const [header = "", payload, proof = ""] = signature.split(".");

    const jws = {
      protected: header,
      payload: Buffer.from(JSON.stringify(rest)).toString("base64url"),
      signature: proof,
    };
    const { protectedHeader } = await flattenedVerify(jws, await publicKey(lab));

    expect(payload).toBe("");
    expect(protectedHeader).toEqual({ alg: "PS256", kid: keyArn(ownKey) });
  });

  test("does not verify with another key", async () => {
    const { findingLines, verification } = await verifySigned(shared(), undefined, otherKey);

    expect(findingLines).toEqual([1, 2, 3].map((number) => `ledger-signature-invalid ${entry(number)}`));
    expect(verification.signedUpTo).toBe(0);
  });

  test("shows a changed newest entry, which no later entry could show", async () => {
    const lab = shared();
    await changeNewest(lab);

    expect((await verifySigned(lab)).findingLines).toEqual([`ledger-signature-invalid ${entry(3)}`]);
  });

  test("shows that everything was rewritten since some entry, whether signatures were kept, made by another key, or emptied", async () => {
    const lab = await open();
    const other = createSigner(lab.kms, keyArn(otherKey));
    await rewriteAll(lab, async () => undefined);
    const kept = await verifySigned(lab);
    await rewriteAll(lab, other);
    const another = await verifySigned(lab);
    await rewriteAll(lab, async () => "");

    const expected = [2, 3].map((number) => `ledger-signature-invalid ${entry(number)}`);
    expect(kept.findingLines).toEqual(expected);
    expect(another.findingLines).toEqual(expected);
    expect((await verifySigned(lab)).findingLines).toEqual(expected);
  });

  test("shows an entry without a signature, at any place", async () => {
    const lab = shared();
    const tamper = tamperWith(lab);
    for (const number of [1, 2, 3]) {
      const { signature, ...rest } = await tamper.entry(number);
      await tamper.forge(rest);
    }

    expect((await verifySigned(lab)).findingLines).toEqual(
      [1, 2, 3].map((number) => `ledger-signature-missing ${entry(number)}`),
    );
  });

  test("shows an entry that was added manually, which no broken chain would show", async () => {
    const lab = shared();
    const tamper = tamperWith(lab);
    const last = await tamper.entry(3);
    await tamper.forge({ ...last, number: 4, manifests: [] });
    const { signature, ...unsigned } = last;
    await tamper.forge({ ...unsigned, number: 5, manifests: [] });

    expect((await verifySigned(lab)).findingLines).toEqual([
      `ledger-signature-invalid ${entry(4)}`,
      `ledger-signature-missing ${entry(5)}`,
    ]);
  });

  test("does not show a forgery that was signed with its own key: only an anchor does", async () => {
    const lab = await open();
    const anchor = (await verifySample(lab)).verification.head;
    await rewriteAll(lab, createSigner(lab.kms, keyArn(ownKey)));

    expect((await verifySigned(lab)).findingLines).toEqual([]);
    expect((await verifySample(lab, { anchor })).findingLines).toEqual([`ledger-anchor-missing ${entry(3)}`]);
  });

  test("covers fields that this version does not know", async () => {
    const lab = shared();
    const tamper = tamperWith(lab);
    await tamper.put(entry(3), JSON.stringify({ ...(await tamper.entry(3)), witness: "somebody" }));

    expect((await verifySigned(lab)).findingLines).toEqual([`ledger-signature-invalid ${entry(3)}`]);
  });
});

describe("a signature that is no detached JWS by PS256", () => {
  const odd = ["", ".", "..", "a.b.c", "unsigned", `${Buffer.from('{"alg":"none"}').toString("base64url")}..`];

  test.each(odd)("is a finding: %j", async (signature) => {
    const lab = shared();
    const tamper = tamperWith(lab);
    await tamper.forge({ ...(await tamper.entry(3)), signature });

    expect((await verifySigned(lab)).findingLines).toEqual([`ledger-signature-invalid ${entry(3)}`]);
  });

  test("is a finding even if its payload stands between its dots and it would verify", async () => {
    const lab = shared();
    const tamper = tamperWith(lab);
    const { signature = "", ...rest } = await tamper.entry(3);
    const [header, , proof] = signature.split(".");
    const attached = `${header}.${Buffer.from(JSON.stringify(rest)).toString("base64url")}.${proof}`;
    await tamper.forge({ ...rest, signature: attached });

    expect((await verifySigned(lab)).findingLines).toEqual([`ledger-signature-invalid ${entry(3)}`]);
  });
});

describe("an account that began to sign later", () => {
  test("verifies from its first signed entry on, and each earlier entry counts as unsigned", async () => {
    const lab = await open();
    const tamper = tamperWith(lab);
    for (const number of [1, 2, 3]) {
      const { signature, ...rest } = await tamper.entry(number);
      await tamper.forge(rest);
    }
    await lab.night([listed.fourth], { sign: createSigner(lab.kms, keyArn(ownKey)) });

    expect((await verifySigned(lab, 4)).findingLines).toEqual([]);
    expect((await verifySigned(lab)).findingLines).toEqual(
      [1, 2, 3].map((number) => `ledger-signature-missing ${entry(number)}`),
    );
  });

  test("is reported if it stopped signing", async () => {
    const lab = await open();

    await lab.night([listed.fourth]);

    expect((await verifySigned(lab)).findingLines).toEqual([`ledger-signature-missing ${entry(4)}`]);
  });
});

describe("a KMS that does not sign", () => {
  const passing = [
    [500, "KMSInternalException"],
    [503, "DependencyTimeoutException"],
  ] as const;
  const lasting = [
    [400, "AccessDeniedException"],
    [400, "NotFoundException"],
    [409, "DisabledException"],
    [409, "KMSInvalidStateException"],
  ] as const;

  test.each([...passing.map((each) => [...each, true] as const), ...lasting.map((each) => [...each, false] as const)])(
    "and answers %i %s fails as SIGNING_FAILED, retryable: %s",
    async (status, code, retryable) => {
      const lab = shared();
      lab.aws.plan({ on: { operation: "Sign" }, what: { status, code }, times: "always" });

      const signing = createSigner(lab.kms, keyArn(ownKey))("text").finally(lab.aws.clearFaults);

      await expect(signing).rejects.toMatchObject({
        ...{ code: "SIGNING_FAILED", retryable, details: { status, name: code } },
        message: `Signing the ledger entry returned ${status} ${code}`,
        hint: expect.stringContaining("signingKeyArn"),
      });
    },
  );

  test("because no response comes fails with a retryable error", async () => {
    const lab = shared();
    lab.aws.plan({ on: { operation: "Sign" }, what: "drop", times: "always" });

    const signing = createSigner(lab.kms, keyArn(ownKey))("text").finally(lab.aws.clearFaults);

    await expect(signing).rejects.toMatchObject({ code: "SIGNING_FAILED", retryable: true });
  });

  test("leaves no entry behind, and the next night's entry contains this night's manifests and is signed", async () => {
    const lab = await open();
    const sign = createSigner(lab.kms, keyArn(ownKey));
    lab.aws.plan({ on: { operation: "Sign" }, what: { status: 409, code: "DisabledException" }, times: "always" });
    await expect(lab.night([listed.fourth], { sign })).rejects.toMatchObject({ code: "SIGNING_FAILED" });
    const between = await verifySigned(lab);
    lab.aws.clearFaults();

    await lab.night([], { sign });

    expect(between.verification.entries).toBe(3);
    const { findingLines, verification } = await verifySigned(lab);
    expect(findingLines).toEqual([]);
    expect(verification).toMatchObject({ entries: 4, signedUpTo: 4 });
  });
});

describe("a public key", () => {
  const ec = () => generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;

  test.each([
    ["is empty", () => ""],
    ["is something else", () => "ssh-rsa AAAA"],
    ["is of an elliptic curve", () => pemOf(ec())],
  ])("that %s is refused before any request", (_what, pem) => {
    expect(() => createSignatureCheck(pem())).toThrow(expect.objectContaining({ code: "REQUEST_INVALID" }));
  });
});
