import { KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { mockClient } from "aws-sdk-client-mock";
import { expect, onTestFinished, test } from "vitest";
import { defaultOutside } from "../../shared/wiring/outside.ts";

test("the SDK compares S3's bytes with its checksum, unless a job names damaged objects itself", async () => {
  expect(await defaultOutside.s3().config.responseChecksumValidation()).toBe("WHEN_SUPPORTED");
  expect(await defaultOutside.s3AsStored().config.responseChecksumValidation()).toBe("WHEN_REQUIRED");
});

test("an entry is signed by KMS, whose client is loaded then, with the named key", async () => {
  const kms = mockClient(KMSClient)
    .on(SignCommand)
    .resolves({ Signature: new Uint8Array([1, 2, 3]) });
  onTestFinished(() => kms.restore());
  const keyArn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";

  const signature = await defaultOutside.signer(keyArn)("an entry of the ledger");

  expect(signature.split(".").slice(1)).toEqual(["", "AQID"]);
  expect(kms.commandCalls(SignCommand).map(({ args }) => args[0].input.KeyId)).toEqual([keyArn]);
});
