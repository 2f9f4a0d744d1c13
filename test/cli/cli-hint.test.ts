import { expect, test } from "vitest";
import { cliHint } from "../../cli/cli-hint.ts";
import { JobError } from "../../shared/errors.ts";

const failed = (details: { readonly status?: number; readonly name?: string }) =>
  new JobError("STORAGE_FAILED", "ListObjectsV2 answered", {
    details,
    retryable: details.status === undefined,
    hint: "Compare the function's role.",
  }).toJSON();

test.each([
  [404, "NoSuchBucket", "Check --bucket"],
  [301, "PermanentRedirect", "AWS_REGION"],
  [400, "AuthorizationHeaderMalformed", "AWS_REGION"],
  [400, "ExpiredToken", "Log in to AWS again"],
  [403, "InvalidAccessKeyId", "Log in to AWS again"],
  [403, "SignatureDoesNotMatch", "Log in to AWS again"],
  [403, "RequestTimeTooSkewed", "clock"],
  [403, "AccessDenied", "s3:ListBucket"],
  [403, "UnknownError", "s3:ListBucket"],
  [503, "SlowDown", "run the command again"],
  [undefined, "TimeoutError", "AWS_REGION"],
  // ENOTFOUND, ECONNREFUSED and ETIMEDOUT.
  [undefined, "Error", "HTTPS_PROXY"],
])("`cliHint` has a hint for a user at a command line: %s %s", (status, name, hint) => {
  expect(cliHint(failed({ ...(status && { status }), name }))).toContain(hint);
});

test("`cliHint` keeps the hint of an error that is not S3's", () => {
  const error = new JobError("REQUEST_INVALID", "The bucket holds no archive", { hint: "Check --bucket." });

  expect(cliHint(error.toJSON())).toBe("Check --bucket.");
  expect(cliHint(new JobError("UNEXPECTED", "odd").toJSON())).toBe("");
});

test("`cliHint` keeps the hint of a folder, which needs no network", () => {
  const details = { name: "EACCES" };
  const error = new JobError("STORAGE_FAILED", "Reading a failed: EACCES", { details, hint: "Check the folder." });

  expect(cliHint(error.toJSON())).toBe("Check the folder.");
});

test.each([
  [{ stack: "prod" }, "Run npx nightshift restore --stack prod: see npx nightshift run build-tables --stack prod."],
  [
    { bucket: "./copy" },
    "Run npx nightshift restore --bucket ./copy: see npx nightshift run build-tables --stack <name>.",
  ],
  [
    { bucket: "./a b" },
    "Run npx nightshift restore --bucket './a b': see npx nightshift run build-tables --stack <name>.",
  ],
  [{}, "Run npx nightshift restore --stack <name>: see npx nightshift run build-tables --stack <name>."],
])("`cliHint` fills in what the user has named, where the command takes it: %o", (target, hint) => {
  const text = "Run npx nightshift restore --stack <name>: see npx nightshift run build-tables --stack <name>.";
  const error = new JobError("STORAGE_INVALID", "odd", { hint: text });

  expect(cliHint(error.toJSON(), { target })).toBe(hint);
});
