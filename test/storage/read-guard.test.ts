import { describe, expect, test } from "vitest";
import { JobError } from "../../shared/errors.ts";
import { createReadGuard } from "../../shared/storage/read-guard.ts";

const denied = () => Promise.reject(new JobError("STORAGE_FAILED", "HeadObject answered 403", {}));

describe("an object that S3 denies", () => {
  test("is one object's own if another can be read", async () => {
    const guard = createReadGuard();
    await guard.attempt(async () => "read");

    for (let times = 0; times < 9; times++)
      expect(await guard.attempt(denied)).toMatchObject({ code: "STORAGE_FAILED" });
    expect(() => guard.end()).not.toThrow();
  });

  test("ends the verification as the fifth of five that were all denied, and not as the fourth", async () => {
    const guard = createReadGuard();
    for (let times = 0; times < 4; times++)
      expect(await guard.attempt(denied)).toMatchObject({ code: "STORAGE_FAILED" });

    await expect(guard.attempt(denied)).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  });

  test("ends the verification after the last object if there were only a few, all denied", async () => {
    const guard = createReadGuard();
    await guard.attempt(denied);

    expect(() => guard.end()).toThrow("HeadObject answered 403");
  });
});

describe("an object that is unavailable", () => {
  const away = () => Promise.reject(new JobError("STORAGE_FAILED", "answered 503", { retryable: true }));

  test("is never at fault in an outage of S3, in which what was readable is not", async () => {
    const guard = createReadGuard();
    let isOut = false;
    await guard.attempt(async () => (isOut ? away() : "read"));
    isOut = true;

    await expect(guard.attempt(away)).rejects.toMatchObject({ retryable: true });
  });

  test("is not at fault because its control is denied: that shows nothing, and the error stays the object's", async () => {
    const guard = createReadGuard();
    let isDenied = false;
    await guard.attempt(async () => (isDenied ? denied() : "read"));
    isDenied = true;

    await expect(guard.attempt(away)).rejects.toMatchObject({ message: "answered 503", retryable: true });
  });

  test("is not at fault while nothing was readable yet", async () => {
    const guard = createReadGuard({ hasReadElsewhere: true });

    await expect(guard.attempt(away)).rejects.toMatchObject({ retryable: true });
  });

  test("is compared with a manifest, which is small and takes a GET, rather than with the last object of its kind", async () => {
    const [manifests, reads] = [createReadGuard(), { manifest: 0, object: 0 }];
    await manifests.attempt(async () => ++reads.manifest);
    const guard = createReadGuard({ others: manifests });
    await guard.attempt(async () => ++reads.object);

    await guard.attempt(away);

    expect(reads).toEqual({ manifest: 3, object: 1 });
  });

  test("is at fault as the first of its kind, too, if an object of another kind is readable again", async () => {
    const manifests = createReadGuard();
    await manifests.attempt(async () => "read");

    const guard = createReadGuard({ hasReadElsewhere: true, others: manifests });
    for (let times = 0; times < 4; times++) expect(await guard.attempt(away)).toMatchObject({ retryable: true });
    // The fifth without one of its kind: all of them are.
    await expect(guard.attempt(away)).rejects.toMatchObject({ retryable: true });
  });

  test.each([
    ["the third failure, with another readable again after the first two", 3, { message: "answered 503" }],
    ["nothing, because it was read after two failures", 2, "read"],
  ])("ends with %s", async (_what, failures, ended) => {
    const guard = createReadGuard();
    let controls = 0;
    let left = failures;
    await guard.attempt(async () => ++controls);

    const value = await guard.attempt(async () => (left-- > 0 ? away() : "read"));

    expect(value).toEqual(typeof ended === "string" ? ended : expect.objectContaining(ended));
    expect(controls).toBe(3);
  });

  test("is at fault as the twentieth, and not as the twenty-first: then a part of S3 is unavailable", async () => {
    const guard = createReadGuard();
    await guard.attempt(async () => "read");
    for (let times = 0; times < 20; times++) expect(await guard.attempt(away)).toMatchObject({ retryable: true });

    await expect(guard.attempt(away)).rejects.toMatchObject({ retryable: true });
  });

  test("does not say that S3 denies everything, whatever comes after it", async () => {
    const guard = createReadGuard();
    await guard.attempt(async () => "read");
    await guard.attempt(away);

    expect(await guard.attempt(denied)).toMatchObject({ message: "HeadObject answered 403" });
    expect(() => guard.end()).not.toThrow();
  });
});
