import { PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { enterLab, labCredentials, outcomeOf, s3Client } from "./trial/lab-under-test.ts";
import { sendRaw } from "./trial/raw-request.ts";

test("a request without a signature is refused", async () => {
  const aws = await enterLab();

  const response = await fetch(`${aws.url}/state/a`, {
    method: "PUT",
    body: "x",
    headers: { "x-amz-content-sha256": "x" },
  });

  expect([response.status, await response.text()]).toEqual([403, expect.stringContaining("<Code>AccessDenied</Code>")]);
});

test("a request without any part of a signature is refused because it is unsigned, not because it lacks a signer's header", async () => {
  const aws = await enterLab();

  const responses = await Promise.all(
    ["PUT", "GET", "DELETE"].map((method) => fetch(`${aws.url}/state/a`, { method })),
  );

  expect(responses.map(({ status }) => status)).toEqual([403, 403, 403]);
  expect(await responses[1]?.text()).toContain("<Code>AccessDenied</Code>");
});

test("a request under another access key is refused", async () => {
  const credentials = { ...labCredentials, accessKeyId: "another" };
  const client = s3Client(await enterLab(), { credentials, maxAttempts: 1 });

  const outcome = await outcomeOf(client.send(new PutObjectCommand({ Bucket: "state", Key: "a", Body: "x" })));

  expect(outcome).toBe("InvalidAccessKeyId");
});

test.each([
  ["a header of S3's own that is not signed", { unsigned: { "x-amz-meta-sneaked": "in" } }, "403 AccessDenied"],
  [
    "a header that was changed after it was signed",
    { unsigned: { "x-amz-date": "20260101T000000Z" } },
    "403 SignatureDoesNotMatch",
  ],
  ["a subresource that the lab does not have", { path: "/state/a?acl" }, "501 NotImplemented"],
  ["a method that the lab does not have", { method: "PATCH" }, "501 NotImplemented"],
  ["a path that is not encoded well", { path: "/state/%zz" }, "400 InvalidURI"],
  ["a key of more than 1,024 bytes", { path: `/state/${"k".repeat(1025)}` }, "400 KeyTooLongError"],
])("a request with %s is refused", async (_what, raw, refusal) => {
  const aws = await enterLab();

  const response = await sendRaw({ url: aws.url, path: "/state/a", body: "x", ...raw });

  expect(`${response.status} ${response.code}`).toBe(refusal);
  expect(aws.counters().puts.stored).toBe(0);
});

test.each(["../up", ".lab", "a..b", "UPPER", "a/b", "x"])("a bucket cannot be called %s", async (name) => {
  const aws = await enterLab();

  const response = await sendRaw({ url: aws.url, path: `/${encodeURIComponent(name)}` });

  expect(`${response.status} ${response.code}`).toBe("400 InvalidBucketName");
});
