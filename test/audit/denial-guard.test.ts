import { describe, expect, test } from "vitest";
import { createDenialGuard } from "../../shared/audit/denial-guard.ts";
import { JobError } from "../../shared/errors.ts";

const denied = () => Promise.reject(new JobError("STORAGE_FAILED", "HeadObject answered 403", {}));

describe("an object that S3 denies", () => {
  test("is one object's own if another can be read", async () => {
    const guard = createDenialGuard();
    await guard.attempt(async () => "read");

    for (let times = 0; times < 9; times++)
      expect(await guard.attempt(denied)).toMatchObject({ code: "STORAGE_FAILED" });
    expect(() => guard.end()).not.toThrow();
  });

  test("ends the verification as the fifth of five that were all denied, and not as the fourth", async () => {
    const guard = createDenialGuard();
    for (let times = 0; times < 4; times++)
      expect(await guard.attempt(denied)).toMatchObject({ code: "STORAGE_FAILED" });

    await expect(guard.attempt(denied)).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  });

  test("ends the verification after the last object if there were only a few, all denied", async () => {
    const guard = createDenialGuard();
    await guard.attempt(denied);

    expect(() => guard.end()).toThrow("HeadObject answered 403");
  });
});

test("an outage of S3 is never an object's own", async () => {
  const guard = createDenialGuard();
  await guard.attempt(async () => "read");
  const away = () => Promise.reject(new JobError("STORAGE_FAILED", "answered 503", { retryable: true }));

  await expect(guard.attempt(away)).rejects.toMatchObject({ retryable: true });
});
