import { expect, test } from "vitest";
import { JobError } from "../../shared/errors.ts";
import { updateCachedAccount } from "../../shared/storage/cached-account.ts";
import type { ApiServices } from "../../shared/wiring/api-services.ts";
import { recallCachedAccount } from "../../shared/wiring/recall-account.ts";
import { memoryBucket } from "../support/storage/memory-bucket.ts";

const note = { id: "7", credential: "the first credential" };

const loginError = new JobError("CREDENTIAL_MISSING", "the secret is empty");

/** Returns what a run recalls whose credential has this fingerprint; throws if the secret cannot be read. */
async function recalled(fingerprint: string | Error, noted: typeof note | null = note, error = loginError) {
  const state = memoryBucket({});
  if (noted) await updateCachedAccount(state, noted);
  const broker = {
    fingerprint: async () => {
      if (fingerprint instanceof Error) throw fingerprint;
      return fingerprint;
    },
  };
  return recallCachedAccount({ state, broker } as unknown as Pick<ApiServices, "state" | "broker">, error);
}

test("an account is recalled for the credential with which it was cached", async () => {
  expect(await recalled(note.credential)).toEqual(note);
});

test("no account is recalled for another credential, which may be another account's", async () => {
  expect(await recalled("another credential")).toBeUndefined();
});

test("an account is recalled without any credential if RingCentral gets no request", async () => {
  expect(await recalled(new Error("the secret is empty"))).toEqual(note);
});

test("no account is recalled without a credential if RingCentral gets requests anyway, because another may be read by then", async () => {
  const away = new JobError("API_UNAVAILABLE", "GET account got 500");

  await expect(recalled(new Error("the secret is empty"), note, away)).rejects.toThrow("the secret is empty");
});

test("nothing is recalled if no run ever cached an account", async () => {
  expect([await recalled(note.credential, null), await recalled(new Error("empty"), null)]).toEqual([
    undefined,
    undefined,
  ]);
});
